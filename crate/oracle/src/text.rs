//! How expressions are written: attribute names and values become placeholders on the way.

use crate::json::Json;
use crate::path::{Path, Step};
use crate::value::{Side, Value};

/// The placeholders of one request, as they come up.
#[derive(Default)]
pub struct Placeholders {
    names: Vec<String>,
    values: Vec<Value>,
}

/// Names that cannot stand in an expression by themselves; of the pool of [`crate::generate`] these.
fn needs_placeholder(name: &str) -> bool {
    name == "status" || !name.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

impl Placeholders {
    /// A name in an expression: itself, where that is allowed, or a placeholder: names whose length is a multiple of three always have one.
    pub fn name(&mut self, name: &str) -> String {
        if !needs_placeholder(name) && !name.len().is_multiple_of(3) {
            return name.to_owned();
        }
        let at = self.names.iter().position(|other| other == name).unwrap_or_else(|| {
            self.names.push(name.to_owned());
            self.names.len() - 1
        });
        format!("#n{at}")
    }

    /// A value in an expression.
    pub fn value(&mut self, value: &Value) -> String {
        self.values.push(value.clone());
        format!(":v{}", self.values.len() - 1)
    }

    /// A path.
    pub fn path(&mut self, path: &Path) -> String {
        let mut text = self.name(&path.attribute);
        for step in &path.steps {
            match step {
                Step::Field(name) => text = format!("{text}.{}", self.name(name)),
                Step::Index(index) => text = format!("{text}[{index}]"),
            }
        }
        text
    }

    /// Gives a request the placeholders.
    pub fn write_to(self, request: &mut Json) {
        if !self.names.is_empty() {
            let names = self.names.into_iter().enumerate();
            let names = names.map(|(at, name)| (format!("#n{at}"), Json::Text(name)));
            request.set("ExpressionAttributeNames", Json::Object(names.collect()));
        }
        if !self.values.is_empty() {
            let values = self.values.iter().enumerate();
            let values = values.map(|(at, value)| (format!(":v{at}"), value.json(Side::Request)));
            request.set("ExpressionAttributeValues", Json::Object(values.collect()));
        }
    }
}
