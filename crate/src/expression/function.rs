//! The functions of the expression languages, as a table.

use super::condition::Predicate;
use super::error::ExpressionKind;

/// A function: how it is called.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Function {
    /// Its name; names are case-sensitive.
    pub name: &'static str,
    /// How many operands it takes.
    pub operands: usize,
    /// Whether the first operand must be a document path.
    pub path_first: bool,
    pub result: FunctionResult,
}

/// What a function gives.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum FunctionResult {
    /// True or false: it stands as a condition.
    Truth(Predicate),
    /// A value: it stands as an operand.
    Size,
    IfNotExists,
    ListAppend,
}

const fn function(name: &'static str, operands: usize, path_first: bool, result: FunctionResult) -> Function {
    Function {
        name,
        operands,
        path_first,
        result,
    }
}

const IN_CONDITIONS: [Function; 6] = [
    function("attribute_exists", 1, true, FunctionResult::Truth(Predicate::AttributeExists)),
    function(
        "attribute_not_exists",
        1,
        true,
        FunctionResult::Truth(Predicate::AttributeNotExists),
    ),
    function("attribute_type", 2, true, FunctionResult::Truth(Predicate::AttributeType)),
    function("begins_with", 2, false, FunctionResult::Truth(Predicate::BeginsWith)),
    function("contains", 2, false, FunctionResult::Truth(Predicate::Contains)),
    function("size", 1, false, FunctionResult::Size),
];

const IN_UPDATES: [Function; 2] = [
    function("if_not_exists", 2, true, FunctionResult::IfNotExists),
    function("list_append", 2, false, FunctionResult::ListAppend),
];

impl Function {
    /// The function of that name in that kind of expression.
    pub fn named(name: &str, kind: ExpressionKind) -> Option<Self> {
        let functions: &[Self] = if kind == ExpressionKind::Update {
            &IN_UPDATES
        } else {
            &IN_CONDITIONS
        };
        functions.iter().find(|function| function.name == name).copied()
    }
}

impl Predicate {
    /// The function's name.
    pub(super) fn name(self) -> &'static str {
        let is_it = |function: &&Function| function.result == FunctionResult::Truth(self);
        IN_CONDITIONS.iter().find(is_it).map_or("", |function| function.name)
    }
}
