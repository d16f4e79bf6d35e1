//! Random updates.

use super::expressions::About;
use super::values;
use crate::path::{Path, Step};
use crate::random::Random;
use crate::update::{Operand, Source, Update};
use crate::value::Value;

/// What arithmetic works with.
fn numeric(random: &mut Random, about: &About<'_>) -> Operand {
    let literal = |random: &mut Random| Operand::Value(Value::N(values::number(random)));
    let path = if random.percent(60) { Path::of("num") } else { about.path(random) };
    match random.below(3) {
        0 => Operand::Path(path),
        1 => Operand::IfNotExists(path, Box::new(literal(random))),
        _ => literal(random),
    }
}

/// What a list is appended to, or which.
fn listed(random: &mut Random, about: &About<'_>) -> Operand {
    let path = if random.percent(70) { Path::of("lst") } else { about.path(random) };
    let literal = values::list(random, 1);
    match random.below(4) {
        0 => Operand::Path(path),
        1 => Operand::IfNotExists(path, Box::new(Operand::Value(literal))),
        _ => Operand::Value(literal),
    }
}

fn source(random: &mut Random, about: &About<'_>, target: &Path) -> Source {
    let value = if target.steps.is_empty() {
        values::of_attribute(random, &target.attribute)
    } else {
        values::value(random, 1)
    };
    let keyed = target.steps.is_empty() && values::KEY_POOL.iter().any(|(name, _)| *name == target.attribute);
    // The keys of indexes are seldom computed: most results would be of another type.
    match random.below(if keyed { 22 } else { 8 }) {
        0 => Source::Operand(Operand::Path(about.path(random))),
        1 => Source::Plus(numeric(random, about), numeric(random, about)),
        2 => Source::Minus(numeric(random, about), numeric(random, about)),
        3 => Source::Operand(Operand::ListAppend(
            Box::new(listed(random, about)),
            Box::new(listed(random, about)),
        )),
        4 => Source::Operand(Operand::IfNotExists(about.path(random), Box::new(Operand::Value(value)))),
        _ => Source::Operand(Operand::Value(value)),
    }
}

fn set_for(random: &mut Random, target: &Path) -> Value {
    let kind = match target.attribute.as_str() {
        "tags" => "SS",
        "nums" => "NS",
        "blobs" => "BS",
        _ => random.pick(&["SS", "NS", "BS"]),
    };
    values::set(random, kind)
}

/// Something ADD takes.
fn added(random: &mut Random, target: &Path) -> Value {
    let set = matches!(target.attribute.as_str(), "tags" | "nums" | "blobs");
    if set || random.percent(15) {
        set_for(random, target)
    } else {
        Value::N(values::number(random))
    }
}

/// Several elements of one list removed, replaced and appended at once (rules 38, 39).
fn list_update(random: &mut Random, elements: usize) -> Update {
    let mut update = Update::default();
    let mut indexes: Vec<usize> = (0..elements + 3).collect();
    random.shuffle(&mut indexes);
    indexes.truncate(random.within(2..5));
    for index in indexes {
        let steps = vec![Step::Index(index)];
        let target = Path {
            attribute: "lst".into(),
            steps,
        };
        if random.percent(50) {
            update.remove.push(target);
        } else {
            update.set.push((target, Source::Operand(Operand::Value(values::scalar(random)))));
        }
    }
    update
}

/// An update by an expression; perhaps of nothing.
pub fn update(random: &mut Random, about: &About<'_>) -> Update {
    if let (Some(Value::L(elements)), true) = (about.like.get("lst"), random.percent(20)) {
        return list_update(random, elements.len());
    }
    let mut update = Update::default();
    let mut targets: Vec<Path> = Vec::new();
    for _ in 0..random.weighted(&[3, 30, 30, 20, 10, 5]) {
        let kind = random.weighted(&[50, 20, 20, 15]);
        let target = match kind {
            2 if random.percent(70) => Path::of(random.pick(&["num", "b", "e", "tags", "nums"])),
            3 if random.percent(80) => Path::of(random.pick(&["tags", "nums", "blobs"])),
            _ if random.percent(60) => about.another(random, &targets),
            _ => Path::of(&about.attribute(random)),
        };
        if targets.iter().any(|other| other.clashes(&target)) {
            continue;
        }
        targets.push(target.clone());
        match kind {
            0 => update.set.push((target.clone(), source(random, about, &target))),
            1 => update.remove.push(target),
            2 => update.add.push((target.clone(), added(random, &target))),
            _ => update.delete.push((target.clone(), set_for(random, &target))),
        }
    }
    update
}

/// An update by `AttributeUpdates`.
pub fn legacy_update(random: &mut Random, about: &About<'_>) -> Update {
    let mut update = Update::default();
    let mut names: Vec<String> = Vec::new();
    for _ in 0..random.within(1..5) {
        let name = about.attribute(random);
        if names.contains(&name) {
            continue;
        }
        let target = Path::of(&name);
        names.push(name);
        match random.weighted(&[40, 20, 20, 10]) {
            0 => {
                let value = values::of_attribute(random, &target.attribute);
                update.set.push((target, Source::Operand(Operand::Value(value))));
            }
            1 => update.remove.push(target),
            2 => update.add.push((target.clone(), added(random, &target))),
            _ => update.delete.push((target.clone(), set_for(random, &target))),
        }
    }
    update
}
