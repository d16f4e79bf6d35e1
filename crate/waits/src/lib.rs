//! The attribute `#[waits]`, for what may have to wait for SQLite.
//!
//! The engine is written once, as asynchronous code, and a driver that answers later makes it wait. No driver that ships does: so the module
//! that ships is compiled from the same text without `async` and `.await`, as plain calls. Of the states that asynchronous functions keep
//! for being resumed nothing is left, which is an eighth of the module's size. The feature `asynchronous` leaves the text as it is; whatever
//! is compiled natively and the module with the contract suite have it.
//!
//! What is marked is written so that both readings do the same: work that is handed on is an asynchronous closure (`async || ...`), never a
//! block or a future, which would be done where it stands.

use proc_macro::{Group, Ident, TokenStream, TokenTree};

/// Marks a function, an implementation or a trait that may wait.
#[proc_macro_attribute]
pub fn waits(_: TokenStream, item: TokenStream) -> TokenStream {
    if cfg!(feature = "asynchronous") { item } else { at_once(item) }
}

/// The same code without waiting: `async` and `.await` go, and a closure's bound is that of a plain one.
fn at_once(tokens: TokenStream) -> TokenStream {
    let mut written: Vec<TokenTree> = Vec::new();
    for token in tokens {
        match token {
            TokenTree::Ident(word) => match word.to_string().as_str() {
                "async" => {}
                // The dot that stands before it.
                "await" => drop(written.pop()),
                "AsyncFn" => written.push(Ident::new("Fn", word.span()).into()),
                "AsyncFnOnce" => written.push(Ident::new("FnOnce", word.span()).into()),
                _ => written.push(word.into()),
            },
            TokenTree::Group(group) => {
                let mut inner = Group::new(group.delimiter(), at_once(group.stream()));
                inner.set_span(group.span());
                written.push(inner.into());
            }
            other => written.push(other),
        }
    }
    written.into_iter().collect()
}
