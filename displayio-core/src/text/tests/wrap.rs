//! Lines against the reference's.

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};

use super::*;

/// `wrap_text_to_lines`, as the reference has it.
fn reference(text: &str, most: usize) -> Vec<String> {
    let (mut lines, mut line) = (Vec::new(), String::new());
    for word in text.split(' ') {
        if word.len() > most {
            if !line.is_empty() {
                lines.push(line);
            }
            let parts = word.as_bytes().chunks(most - 1);
            let mut parts: Vec<_> = parts.map(|part| str::from_utf8(part).unwrap()).collect();
            line = parts.pop().unwrap().to_string();
            lines.extend(parts.iter().map(|part| format!("{part}-")));
        } else if line.len() + 1 + word.len() <= most {
            line += &format!(" {word}");
        } else if line.is_empty() && word.len() == most {
            lines.push(word.to_string());
        } else {
            lines.push(line);
            line = word.to_string();
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
    if let Some(first) = lines.first_mut() {
        *first = first.strip_prefix(' ').unwrap_or(first).to_string();
    }
    lines
}

#[test]
fn all_short_texts_are_broken_as_in_the_reference() {
    for length in 1..=12 {
        for spaces in (0..1_u32 << length).step_by(2) {
            let is_space = |at: u32| spaces >> at & 1 == 1;
            let text: String = (0..length).map(|at| if is_space(at) { ' ' } else { 'a' }).collect();
            for most in 2..=6 {
                let wrapped = WrapChars::new(&text, most).to_string();
                assert_eq!(wrapped, reference(&text, most.into()).join("\n"), "{text:?} in {most}");
            }
        }
    }
}
