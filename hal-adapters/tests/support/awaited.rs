//! Futures of fake panels.
#![allow(dead_code, reason = "each test uses some of it")]

use core::{
    future::Future,
    pin::pin,
    task::{Context, Poll, Waker},
};

/// What comes of a future of a fake panel, whose bus and delay never wait.
pub(crate) fn ready<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => unreachable!("the fake bus does not wait"),
    }
}

/// Whether a future ends when it is polled once; it is dropped then.
pub(crate) fn finished(future: impl Future<Output = ()>) -> bool {
    pin!(future).poll(&mut Context::from_waker(Waker::noop())).is_ready()
}
