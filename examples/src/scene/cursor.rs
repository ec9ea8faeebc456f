//! A place in a JSON document that knows its path, so that every complaint can name it.

use alloc::rc::Rc;
use core::{fmt, ops::RangeInclusive};

use serde_json::{Map, Value};

use super::PlayError;

/// A value in a document, and the way to it.
#[derive(Clone)]
pub(super) struct Cursor<'v> {
    value: &'v Value,
    path: Option<Rc<Link<'v>>>,
}

/// The last step of a path, and the rest. Shared: descending costs the same at any depth.
struct Link<'v> {
    parent: Option<Rc<Self>>,
    step: Step<'v>,
}

enum Step<'v> {
    Field(&'v str),
    Index(usize),
}

type Result<T> = core::result::Result<T, PlayError>;

impl<'v> Cursor<'v> {
    /// The whole document.
    pub(super) const fn root(value: &'v Value) -> Self {
        Self { value, path: None }
    }

    fn step(&self, value: &'v Value, step: Step<'v>) -> Self {
        Self { value, path: Some(Rc::new(Link { parent: self.path.clone(), step })) }
    }

    /// The path, as in `root.children[2].x`.
    fn path(&self) -> String {
        let steps = core::iter::successors(self.path.as_deref(), |link| link.parent.as_deref());
        let mut steps: Vec<_> = steps.map(|link| &link.step).collect();
        steps.reverse();
        steps.into_iter().fold(String::new(), |path, step| match step {
            Step::Index(index) => format!("{path}[{index}]"),
            Step::Field(name) if path.is_empty() => (*name).into(),
            Step::Field(name) => format!("{path}.{name}"),
        })
    }

    /// The scene is wrong here.
    pub(super) fn refuse(&self, reason: impl fmt::Display) -> PlayError {
        PlayError::Refused { path: self.path(), reason: reason.to_string() }
    }

    /// The scene needs something here that is missing.
    pub(super) fn unsupported(&self, reason: impl fmt::Display) -> PlayError {
        PlayError::Unsupported { path: self.path(), reason: reason.to_string() }
    }

    fn mistyped(&self, expected: &str) -> PlayError {
        let found = match self.value {
            Value::Null => "null",
            Value::Bool(_) => "true or false",
            Value::Number(_) => "a number",
            Value::String(_) => "a string",
            Value::Array(_) => "a list",
            Value::Object(_) => "an object",
        };
        self.refuse(format_args!("{expected} is needed, not {found}"))
    }

    fn object(&self) -> Result<&'v Map<String, Value>> {
        self.value.as_object().ok_or_else(|| self.mistyped("an object"))
    }

    /// Whether it is an object.
    pub(super) fn is_object(&self) -> bool {
        self.value.is_object()
    }

    /// Whether it is `null`.
    pub(super) fn is_null(&self) -> bool {
        self.value.is_null()
    }

    /// Whether the field of an object is there and `null`.
    pub(super) fn is_null_at(&self, name: &str) -> Result<bool> {
        Ok(self.object()?.get(name).is_some_and(Value::is_null))
    }

    /// The field of an object; `null` counts as absent.
    pub(super) fn optional(&self, name: &'v str) -> Result<Option<Self>> {
        let value = self.object()?.get(name).filter(|value| !value.is_null());
        Ok(value.map(|value| self.step(value, Step::Field(name))))
    }

    /// The field of an object, which must be there.
    pub(super) fn required(&self, name: &'v str) -> Result<Self> {
        self.optional(name)?.ok_or_else(|| self.place(name).refuse("is missing"))
    }

    /// The place of a field that may be absent, for messages.
    pub(super) fn place(&self, name: &'v str) -> Self {
        self.step(self.value, Step::Field(name))
    }

    /// All fields of an object.
    pub(super) fn fields(&self) -> Result<impl Iterator<Item = (&'v str, Self)> + use<'v>> {
        let object = self.clone();
        let fields = self.object()?.iter();
        Ok(fields.map(move |(name, value)| (name.as_str(), object.step(value, Step::Field(name)))))
    }

    /// The fields of the object in an optional field; none where it is absent.
    pub(super) fn table(
        &self,
        name: &'v str,
    ) -> Result<impl Iterator<Item = (&'v str, Self)> + use<'v>> {
        let fields = self.optional(name)?.map(|table| table.fields()).transpose()?;
        Ok(fields.into_iter().flatten())
    }

    /// The items of a list.
    pub(super) fn items(&self) -> Result<impl ExactSizeIterator<Item = Self> + use<'v>> {
        let items = self.value.as_array().ok_or_else(|| self.mistyped("a list"))?;
        let list = self.clone();
        let step = move |(index, value)| list.step(value, Step::Index(index));
        Ok(items.iter().enumerate().map(step))
    }

    /// An item of a list, which must be there.
    pub(super) fn item(&self, index: usize) -> Result<Self> {
        let mut items = self.items()?;
        items.nth(index).ok_or_else(|| self.refuse(format_args!("item {index} is missing")))
    }

    /// The items of the list in an optional field; none where it is absent.
    pub(super) fn list(&self, name: &'v str) -> Result<impl Iterator<Item = Self> + use<'v>> {
        let items = self.optional(name)?.map(|list| list.items()).transpose()?;
        Ok(items.into_iter().flatten())
    }

    pub(super) fn text(&self) -> Result<&'v str> {
        self.value.as_str().ok_or_else(|| self.mistyped("a string"))
    }

    pub(super) fn flag(&self) -> Result<bool> {
        self.value.as_bool().ok_or_else(|| self.mistyped("true or false"))
    }

    /// An optional field that is true or false; false where it is absent.
    pub(super) fn flag_or_false(&self, name: &'v str) -> Result<bool> {
        self.optional(name)?.map_or(Ok(false), |flag| flag.flag())
    }

    /// A whole number in a range.
    pub(super) fn integer<T>(&self, range: RangeInclusive<T>) -> Result<T>
    where
        T: TryFrom<i64> + PartialOrd + fmt::Display,
    {
        let Value::Number(number) = self.value else {
            return Err(self.mistyped("a number"));
        };
        let integer = number.as_i64().and_then(|number| T::try_from(number).ok());
        integer.filter(|integer| range.contains(integer)).ok_or_else(|| {
            let (start, end) = range.into_inner();
            self.refuse(format_args!("{number} is not a whole number from {start} to {end}"))
        })
    }

    /// A number, whole or not.
    pub(super) fn number(&self) -> Result<f64> {
        self.value.as_f64().ok_or_else(|| self.mistyped("a number"))
    }

    /// An optional whole number in a range.
    pub(super) fn integer_or<T>(
        &self,
        name: &'v str,
        default: T,
        range: RangeInclusive<T>,
    ) -> Result<T>
    where
        T: TryFrom<i64> + PartialOrd + fmt::Display,
    {
        self.optional(name)?.map_or(Ok(default), |number| number.integer(range))
    }

    /// An optional coordinate; 0 where it is absent.
    pub(super) fn coordinate_or_zero(&self, name: &'v str) -> Result<i16> {
        self.integer_or(name, 0, i16::MIN..=i16::MAX)
    }
}
