//! Properties of the room as a whole: values in and out of JSON, their sizes, and the words for what is wrong with them.

mod messages;
mod round_trip;
mod sizes;
pub(super) mod strategies;
