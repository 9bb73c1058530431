//! Doors: the addresses of a space, declared once. The router and the table of doors are built from the same list,
//! so that no address exists that the table (and the test that knocks at each) does not know.

use axum::Router;
use axum::extract::Request;
use axum::handler::Handler;
use axum::middleware::{Next, from_fn, map_request};
use axum::routing::{get, post};

use crate::frame::Slot;
use crate::{Audience, Space, kept};

/// How one knocks.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Verb {
    /// Reads, and changes nothing.
    Get,
    /// Does something.
    Post,
}

/// One address, and how it is asked.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Door {
    /// How one knocks.
    pub verb: Verb,
    /// The address, with its variable parts: `/messages/{id}`.
    pub path: &'static str,
    /// For whom.
    pub audience: Audience,
}

/// The addresses of one space.
pub struct Doors<S> {
    space: Space,
    router: Router<S>,
    list: Vec<Door>,
}

impl<S: Clone + Send + Sync + 'static> Doors<S> {
    /// A space without any address yet.
    pub fn of(space: Space) -> Self {
        Self { space, router: Router::new(), list: Vec::new() }
    }

    /// A page that is read.
    #[must_use]
    pub fn get<H: Handler<T, S>, T: 'static>(self, path: &'static str, handler: H) -> Self {
        self.add(Verb::Get, path, |router| router.route(path, get(handler)))
    }

    /// An act.
    #[must_use]
    pub fn post<H: Handler<T, S>, T: 'static>(self, path: &'static str, handler: H) -> Self {
        self.add(Verb::Post, path, |router| router.route(path, post(handler)))
    }

    /// An act whose form may arrive after its author was signed out: these fields are kept for them, and shown to them again on its page
    /// (`Shell::typed_before`). Never a secret.
    #[must_use]
    pub fn post_keeping<H: Handler<T, S>, T: 'static>(self, path: &'static str, handler: H, keeps: &'static [&'static str]) -> Self {
        let around = from_fn(move |request: Request, next: Next| kept::keeping(keeps, request, next));
        self.add(Verb::Post, path, |router| router.route(path, post(handler).layer(around)))
    }

    fn add(mut self, verb: Verb, path: &'static str, route: impl FnOnce(Router<S>) -> Router<S>) -> Self {
        self.list.push(Door { verb, path, audience: self.space.audience });
        self.router = route(self.router);
        self
    }

    /// The router, and the table.
    pub fn open(self) -> (Router<S>, Vec<Door>) {
        let space = self.space;
        let enter = map_request(move |mut request: Request| async move {
            Slot::enter(request.extensions_mut(), space);
            request
        });
        (self.router.layer(enter), self.list)
    }
}
