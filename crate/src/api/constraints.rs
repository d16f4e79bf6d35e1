//! The constraints of the service model, gathered in the service's order and joined as `N validation errors detected: a; b` (rule 81).
//!
//! One routine for all operations. It trusts [`shape_check`](super::shape_check) to have run. What an operation does differently stands
//! in the `wording` table; required members of strictly read operations are [`strict`](super::strict)'s.

use std::borrow::Cow;
use std::fmt::Write as _;

use super::error::ApiError;
use super::operation::Operation;
use super::pattern::Pattern;
use super::shape::{Kind as ShapeKind, Member, Shape};
use super::wording::{NameRule, Rule, Rules, incomplete_order, reported_first, rules};
use crate::model::json::{Kind, Value};
use crate::schema::TableName;

/// How many violations one answer lists at most (rule 81).
const MOST_VIOLATIONS: usize = 10;

/// Checks a request of that operation; the shapes must have been checked before.
pub fn check(operation: Operation, root: Value<'_>) -> Result<(), ApiError> {
    let input = operation.input();
    let rules = rules(input.name());
    check_table_name(rules, root)?;
    if passes(input, rules, root) {
        return Ok(());
    }
    let mut walk = Walk::default();
    match incomplete_order(input.name()).filter(|_| !is_complete(input, root)) {
        Some(order) => {
            walk.older_only = true;
            walk.structure_in(order, input, root);
        }
        None => walk.structure(input, root),
    }
    walk.finish(operation)
}

/// Whether every member is there that the model requires.
fn is_complete(input: Shape, root: Value<'_>) -> bool {
    input.required_members().all(|member| present(root, member.name).is_some())
}

/// Whether there is nothing to report. Looks at the members in the order of the text: a request has few of those its operation may have,
/// and the service's order matters only when several are wrong.
fn passes(input: Shape, rules: &Rules, root: Value<'_>) -> bool {
    if rules.iter().any(|(_, _, rule)| matches!(rule, Rule::RequiredWithout(_))) {
        return false;
    }
    let mut walk = Walk::default();
    for (name, _) in root.members() {
        if let Some(member) = input.member(&name) {
            walk.member(member, root, rules);
        }
    }
    walk.is_clean() && is_complete(input, root)
}

/// The member's value, where absent and `null` are the same.
#[inline]
pub(super) fn present<'d>(structure: Value<'d>, name: &str) -> Option<Value<'d>> {
    structure.get(name).filter(|value| value.kind() != Kind::Null)
}

/// An invalid name of the request's own table is reported alone, before anything else (rule 82).
fn check_table_name(rules: &Rules, root: Value<'_>) -> Result<(), ApiError> {
    let rule = rules.iter().find_map(|(_, member, rule)| match rule {
        Rule::Name(rule) if *member == "TableName" => Some(*rule),
        _ => None,
    });
    let Some(rule) = rule else { return Ok(()) };
    let Some(name) = present(root, "TableName").and_then(Value::as_str) else {
        return if rule == NameRule::Item {
            // Joined with the other missing members.
            Ok(())
        } else {
            // messages-tables 32
            Err(ApiError::validation(
                "The parameter 'TableName' is required but was not present in the request",
            ))
        };
    };
    if TableName::resolve(&name).is_some() {
        return Ok(());
    }
    let length = name.encode_utf16().count();
    if rule == NameRule::Item && length == 0 {
        return Err(ApiError::one_validation_error(
            "Value at 'TableName' failed to satisfy constraint: Member must have length greater than or equal to 1",
        ));
    }
    if rule == NameRule::Table && !(3..=255).contains(&length) {
        // messages-tables 34
        return Err(ApiError::validation(
            "TableName must be at least 3 characters long and at most 255 characters long",
        ));
    }
    let mut walk = Walk::default();
    walk.path.push(Step::Member("TableName"));
    walk.table_name(&name, false);
    joined(walk.older)
}

/// One step from a value to one inside it.
enum Step<'d> {
    Member(&'static str),
    /// Position in a list, from 1.
    Index(usize),
    Key(Cow<'d, str>),
}

/// Which layer words a violation.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Layer {
    Older,
    OlderWithoutValue,
    Newer,
}

/// Violations as one answer.
fn joined(mut violations: Vec<String>) -> Result<(), ApiError> {
    violations.truncate(MOST_VIOLATIONS);
    match violations.len() {
        0 => Ok(()),
        1 => Err(ApiError::one_validation_error(violations.concat())),
        n => Err(ApiError::validation(format!(
            "{n} validation errors detected: {}",
            violations.join("; ")
        ))),
    }
}

#[derive(Default)]
struct Walk<'d> {
    path: Vec<Step<'d>>,
    /// Whether the older layer words everything.
    older_only: bool,
    /// What is reported whatever else is wrong, as it is.
    alone: Option<&'static str>,
    /// What the newer layer has found: it looks first, and the older one never sees such a request.
    newer: Vec<String>,
    older: Vec<String>,
}

impl<'d> Walk<'d> {
    fn is_clean(&self) -> bool {
        self.alone.is_none() && self.newer.is_empty() && self.older.is_empty()
    }

    fn finish(mut self, operation: Operation) -> Result<(), ApiError> {
        if let Some(text) = self.alone {
            return Err(ApiError::validation(text));
        }
        if !self.newer.is_empty() {
            return joined(self.newer);
        }
        if operation == Operation::UpdateItem && !self.older_only {
            // Its current layer stops at the first enumeration that is wrong (rule 83).
            self.older.truncate(1);
        }
        joined(self.older)
    }

    /// Members in the service's order.
    fn structure(&mut self, shape: Shape, value: Value<'d>) {
        self.structure_in(reported_first(shape.name()), shape, value);
    }

    /// The members of `first`, then the rest in the model's order.
    fn structure_in(&mut self, first: &[&str], shape: Shape, value: Value<'d>) {
        let rules = rules(shape.name());
        for member in first.iter().filter_map(|name| shape.member(name)) {
            self.member(member, value, rules);
        }
        for member in shape.members().filter(|member| !first.contains(&member.name)) {
            self.member(member, value, rules);
        }
    }

    fn member(&mut self, member: Member, structure: Value<'d>, rules: &Rules) {
        let mut required = member.required;
        let mut most = member.shape.most();
        let mut layer = Layer::Older;
        let mut fixed = None;
        let mut name_rule = None;
        let mut by_table = false;
        let mut any_word = false;
        for (_, _, rule) in rules.iter().filter(|(_, name, _)| *name == member.name) {
            match rule {
                Rule::Newer | Rule::Enumeration(_) | Rule::AnyWord if self.older_only => {}
                Rule::Newer => layer = Layer::Newer,
                Rule::WithoutValue => layer = Layer::OlderWithoutValue,
                Rule::RequiredWithout(other) => required = present(structure, other).is_none(),
                Rule::Most(n) => most = Some(*n),
                Rule::ByTable => by_table = true,
                Rule::AnyWord => any_word = true,
                Rule::Unchecked => return,
                Rule::Enumeration(text) => fixed = Some(*text),
                Rule::NotEmpty(text) => {
                    if present(structure, member.name).is_some_and(Value::is_empty) {
                        self.alone = Some(*text);
                    }
                }
                Rule::Name(rule) => name_rule = Some(*rule),
            }
        }
        if !required && most.is_none() && !member.shape.constrained() {
            return;
        }
        self.path.push(Step::Member(member.name));
        match (present(structure, member.name), name_rule) {
            (None, _) if required => self.violation(layer, "null", "Member must not be null"),
            (Some(value), Some(NameRule::Transaction)) => {
                let name = value.as_str().unwrap_or_default();
                if TableName::resolve(&name).is_none() {
                    self.table_name(&name, true);
                }
            }
            (Some(_), None) if any_word => {}
            (Some(value), None) if by_table && self.by_table(member.shape, value) => {}
            (Some(value), None) => self.value(member.shape, most, value, layer, fixed),
            // Not there, or a name that was checked before everything else.
            _ => {}
        }
        self.path.pop();
    }

    fn value(&mut self, shape: Shape, most: Option<i64>, value: Value<'d>, layer: Layer, fixed: Option<&str>) {
        match shape.kind() {
            ShapeKind::Structure => self.structure(shape, value),
            ShapeKind::List => {
                self.range("have length", count(value.len()), shape.least(), most, layer, || {
                    java_text(shape, value)
                });
                if shape.element().constrained() {
                    for (at, element) in value.elements().enumerate() {
                        self.inner(Step::Index(at + 1), shape.element(), element);
                    }
                }
            }
            ShapeKind::Map => {
                self.range("have length", count(value.len()), shape.least(), most, layer, || {
                    java_text(shape, value)
                });
                if shape.element().constrained() {
                    for (key, inner) in value.members() {
                        self.inner(Step::Key(key), shape.element(), inner);
                    }
                }
            }
            ShapeKind::String => {
                let text = value.as_str().unwrap_or_default();
                self.string(shape, most, &text, layer, fixed);
            }
            ShapeKind::Integer | ShapeKind::Long => {
                let number = value.as_i64().unwrap_or_default();
                self.range("have value", number, shape.least(), most, layer, || number.to_string());
            }
            ShapeKind::Double | ShapeKind::Boolean | ShapeKind::Blob | ShapeKind::Timestamp => {}
        }
    }

    /// A map by table, such as `RequestItems`. Whether nothing is left to be checked: the names and the lengths of lists are reported of
    /// the map as a whole, and of a map of lists nothing else is (messages-tables 2, 4, 8).
    fn by_table(&mut self, shape: Shape, map: Value<'d>) -> bool {
        let mut faults = Vec::new();
        if map.members().any(|(name, _)| TableName::resolve(&name).is_none()) {
            faults.push(format!(
                "Map keys must satisfy constraint: [Member must have length less than or equal to 255, Member must have length greater \
                 than or equal to 3, Member must satisfy regular expression pattern: {}]",
                Pattern::Name.text()
            ));
        }
        let lists = shape.element();
        let of_lists = lists.kind() == ShapeKind::List;
        if let (true, Some(least), Some(most)) = (of_lists, lists.least(), lists.most())
            && map.members().any(|(_, list)| !(least..=most).contains(&count(list.len())))
        {
            faults.push(format!(
                "Map value must satisfy constraint: [Member must have length less than or equal to {most}, \
                 Member must have length greater than or equal to {least}]"
            ));
        }
        for fault in &faults {
            self.violation(Layer::Older, quoted(&java_text(shape, map)), fault);
        }
        of_lists || !faults.is_empty()
    }

    fn inner(&mut self, step: Step<'d>, shape: Shape, value: Value<'d>) {
        if value.kind() == Kind::Null {
            return;
        }
        self.path.push(step);
        self.value(shape, shape.most(), value, Layer::Older, None);
        self.path.pop();
    }

    /// Enumeration, then pattern, then length.
    fn string(&mut self, shape: Shape, most: Option<i64>, text: &str, layer: Layer, fixed: Option<&str>) {
        if shape.words().next().is_some() {
            if !shape.words().any(|word| word == text) {
                if let Some(fixed) = fixed {
                    self.older.push(fixed.to_owned());
                } else {
                    let words: Vec<&str> = shape.words().collect();
                    let constraint = format!("Member must satisfy enum value set: [{}]", words.join(", "));
                    self.violation(layer, quoted(text), constraint);
                }
            }
            return;
        }
        if let Some(pattern) = shape.pattern().filter(|pattern| !pattern.matches(text)) {
            self.pattern(pattern, text, layer);
        }
        let length = count(text.encode_utf16().count());
        self.range("have length", length, shape.least(), most, layer, || text.to_owned());
    }

    /// The name of a table that is neither a good name nor a good ARN.
    fn table_name(&mut self, name: &str, length_first: bool) {
        let length = count(name.encode_utf16().count());
        let wrong_pattern = !Pattern::Name.matches(name);
        if wrong_pattern && !length_first {
            self.pattern(Pattern::Name, name, Layer::Older);
        }
        self.range("have length", length, Some(3), Some(255), Layer::Older, || name.to_owned());
        if wrong_pattern && length_first {
            self.pattern(Pattern::Name, name, Layer::Older);
        }
    }

    fn pattern(&mut self, pattern: Pattern, text: &str, layer: Layer) {
        self.violation(
            layer,
            quoted(text),
            format!("Member must satisfy regular expression pattern: {}", pattern.text()),
        );
    }

    fn range(&mut self, what: &str, found: i64, least: Option<i64>, most: Option<i64>, layer: Layer, text: impl FnOnce() -> String) {
        let (bound, limit) = match (least, most) {
            (Some(least), _) if found < least => ("greater", least),
            (_, Some(most)) if found > most => ("less", most),
            _ => return,
        };
        self.violation(
            layer,
            quoted(&text()),
            format!("Member must {what} {bound} than or equal to {limit}"),
        );
    }

    fn violation(&mut self, layer: Layer, value: impl AsRef<str>, constraint: impl AsRef<str>) {
        let mut text = String::from("Value ");
        if layer == Layer::Older {
            text.push_str(value.as_ref());
            text.push(' ');
        }
        text.push_str("at '");
        for (at, step) in self.path.iter().enumerate() {
            if at > 0 {
                text.push('.');
            }
            match step {
                Step::Member(name) if layer == Layer::Newer => text.push_str(name),
                Step::Member(name) => push_camel_case(&mut text, name),
                Step::Index(index) => {
                    // Writing to a string cannot fail.
                    let _ = write!(text, "{index}.member");
                }
                Step::Key(key) => {
                    text.push_str(key);
                    text.push_str(".member");
                }
            }
        }
        text.push_str("' failed to satisfy constraint: ");
        text.push_str(constraint.as_ref());
        if layer == Layer::Newer {
            self.newer.push(text);
        } else {
            self.older.push(text);
        }
    }
}

/// A length as the limits have it.
fn count(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}

fn quoted(text: &str) -> String {
    format!("'{text}'")
}

fn push_camel_case(out: &mut String, name: &str) {
    let mut chars = name.chars();
    out.extend(chars.next().map(|first| first.to_ascii_lowercase()));
    out.push_str(chars.as_str());
}

/// A value as Java's `toString` prints it, which is how the older layer quotes it.
fn java_text(shape: Shape, value: Value<'_>) -> String {
    let mut out = String::new();
    push_java_text(&mut out, shape, value);
    out
}

fn push_java_text(out: &mut String, shape: Shape, value: Value<'_>) {
    match (shape.kind(), value.kind()) {
        (_, Kind::Null) => out.push_str("null"),
        (ShapeKind::Structure, _) => {
            out.push_str(shape.name());
            out.push('(');
            for (at, member) in shape.members().enumerate() {
                out.push_str(if at == 0 { "" } else { ", " });
                push_camel_case(out, member.name);
                out.push('=');
                match value.get(member.name) {
                    Some(inner) => push_java_text(out, member.shape, inner),
                    None => out.push_str("null"),
                }
            }
            out.push(')');
        }
        (ShapeKind::List, _) => {
            out.push('[');
            for (at, element) in value.elements().enumerate() {
                out.push_str(if at == 0 { "" } else { ", " });
                push_java_text(out, shape.element(), element);
            }
            out.push(']');
        }
        (ShapeKind::Map, _) => {
            out.push('{');
            for (at, (key, inner)) in value.members().enumerate() {
                out.push_str(if at == 0 { "" } else { ", " });
                out.push_str(&key);
                out.push('=');
                push_java_text(out, shape.element(), inner);
            }
            out.push('}');
        }
        (_, Kind::String) => out.push_str(&value.as_str().unwrap_or_default()),
        _ => out.push_str(value.raw()),
    }
}

#[cfg(test)]
mod tests;
