//! Everything an expression can have wrong with it, each with the sentence the service says (rules 24-36, 55).

use std::fmt;

/// The five kinds of expression; each names its request parameter.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ExpressionKind {
    /// `ConditionExpression`
    Condition,
    /// `FilterExpression`
    Filter,
    /// `KeyConditionExpression`
    KeyCondition,
    /// `ProjectionExpression`
    Projection,
    /// `UpdateExpression`
    Update,
}

impl ExpressionKind {
    /// The request parameter's name.
    pub fn parameter(self) -> &'static str {
        match self {
            Self::Condition => "ConditionExpression",
            Self::Filter => "FilterExpression",
            Self::KeyCondition => "KeyConditionExpression",
            Self::Projection => "ProjectionExpression",
            Self::Update => "UpdateExpression",
        }
    }
}

/// An expression that cannot be used: `Invalid FilterExpression: ...`. Everything in here is known from the request alone, so it is
/// reported before the table is looked up (rules 55, 87). Writes put `1 validation error detected: ` in front (part C).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ExpressionError {
    /// The expression it was found in.
    pub kind: ExpressionKind,
    /// What is wrong with it.
    pub problem: Problem,
}

impl fmt::Display for ExpressionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Invalid {}: ", self.kind.parameter())?;
        match (&self.problem, self.kind) {
            // Only the filter's text says how long the expression is (part D on rule 24).
            (Problem::TooLong { size }, ExpressionKind::Filter) => {
                write!(f, "Expression size has exceeded the maximum allowed size; expression size: {size}")
            }
            (problem, _) => problem.fmt(f),
        }
    }
}

impl std::error::Error for ExpressionError {}

/// What is wrong with an expression.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum Problem {
    /// The text is empty (rule 26).
    Empty,
    /// The text has more than 4096 bytes (rule 24).
    TooLong {
        /// Its size in bytes.
        size: usize,
    },
    /// A token that cannot stand where it stands (rule 26).
    Syntax {
        /// The token, `<EOF>` at the end of the text.
        token: String,
        /// The previous, the offending and the next token with what stands between them.
        near: String,
    },
    /// Parentheses directly inside parentheses (rule 26).
    RedundantParentheses,
    /// A function this kind of expression does not have.
    UnknownFunction(String),
    /// A condition's function compared with something, or `size` standing as a condition.
    MisusedFunction(&'static str),
    /// An update clause that appears twice.
    RepeatedClause(&'static str),
    /// An attribute name that needs a placeholder, as it is written (rule 33).
    ReservedWord(String),
    /// A `#name` the request does not define (rule 29).
    UndefinedName(String),
    /// A `:value` the request does not define (rule 29).
    UndefinedValue(String),
    /// A list index beyond 4294967294, as it is written.
    ListIndexOutOfRange(String),
    /// A document path of more than 32 elements.
    PathTooDeep {
        /// How many elements it has.
        levels: usize,
    },
    /// More than 300 operators and functions (rule 25).
    TooManyOperators {
        /// How many there are.
        count: usize,
    },
    /// More than 100 operands on the right of `IN` (rule 25).
    TooManyInOperands {
        /// How many there are.
        count: usize,
    },
    /// A function with too few or too many operands.
    OperandCount {
        /// The function.
        operator: &'static str,
        /// How many operands it was given.
        count: usize,
    },
    /// A function that needs a document path and has something else.
    PathRequired {
        /// The function.
        operator: &'static str,
    },
    /// The same document path on both sides (rule 31).
    SameOperand {
        /// The operator or function.
        operator: &'static str,
        /// The path, printed.
        operand: String,
    },
    /// An operand of a type the operator does not take (rule 32).
    OperandType {
        /// The operator or function.
        operator: &'static str,
        /// The operand's type, or the types it may have.
        operand_type: &'static str,
    },
    /// An operand of a type `ADD` or `DELETE` does not take.
    ClauseOperandType {
        /// `ADD` or `DELETE`.
        operator: &'static str,
        /// The operand's type, spelled out.
        operand_type: &'static str,
    },
    /// `attribute_type` with a type there is none of (rule 32).
    UnknownAttributeType(String),
    /// `BETWEEN` with bounds of two types (rule 32).
    BetweenTypes {
        /// The lower bound, printed.
        lower: String,
        /// The upper bound, printed.
        upper: String,
    },
    /// `BETWEEN` with its bounds the wrong way round (rule 32).
    BetweenReversed {
        /// The lower bound, printed.
        lower: String,
        /// The upper bound, printed.
        upper: String,
    },
    /// One path contains the other (rule 30).
    OverlappingPaths {
        /// The path that stands first, printed.
        one: String,
        /// The other, printed.
        two: String,
    },
    /// Two paths that take the same element for a map and for a list (rule 30).
    ConflictingPaths {
        /// The path that stands first, printed.
        one: String,
        /// The other, printed.
        two: String,
    },
    /// An operator or function a key condition cannot have (part D on rule 55).
    KeyOperator(&'static str),
    /// A function inside a key condition's operand.
    KeyNested,
    /// A key condition on something inside an attribute.
    KeyNestedAttribute,
    /// Two conditions on one key attribute (rule 55).
    KeyRepeated,
    /// A key condition without an attribute.
    KeyWithoutAttribute,
    /// A key condition over two attributes.
    KeyOverManyAttributes,
    /// A key condition whose first operand must be the attribute and is not.
    KeyAttributeNotFirst {
        /// `begins_with` or `BETWEEN`.
        operator: &'static str,
    },
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const KEY: &str = "KeyConditionExpressions";
        const KEY_OPERATION: &str = "Invalid condition in KeyConditionExpression: ";
        const OPERAND_TYPE: &str = "Incorrect operand type for operator or function; operator";
        const BOTH_PATHS: &str = "with each other; must remove or rewrite one of these paths; path one:";
        match self {
            Self::Empty => f.write_str("The expression can not be empty;"),
            Self::TooLong { .. } => f.write_str("Expression size has exceeded the maximum allowed size;"),
            Self::Syntax { token, near } => write!(f, "Syntax error; token: \"{token}\", near: \"{near}\""),
            Self::RedundantParentheses => f.write_str("The expression has redundant parentheses;"),
            Self::UnknownFunction(name) => write!(f, "Invalid function name; function: {name}"),
            Self::MisusedFunction(name) => {
                write!(
                    f,
                    "The function is not allowed to be used this way in an expression; function: {name}"
                )
            }
            Self::RepeatedClause(clause) => {
                write!(f, "The \"{clause}\" section can only be used once in an update expression;")
            }
            Self::ReservedWord(word) => write!(f, "Attribute name is a reserved keyword; reserved keyword: {word}"),
            Self::UndefinedName(name) => {
                write!(
                    f,
                    "An expression attribute name used in the document path is not defined; attribute name: {name}"
                )
            }
            Self::UndefinedValue(value) => {
                write!(
                    f,
                    "An expression attribute value used in expression is not defined; attribute value: {value}"
                )
            }
            Self::ListIndexOutOfRange(index) => {
                write!(f, "List index is not within the allowable range; index: [{index}]")
            }
            Self::PathTooDeep { levels } => {
                write!(f, "The document path has too many nesting elements; nesting levels: {levels}")
            }
            Self::TooManyOperators { count } => {
                write!(f, "The expression contains too many operators; operator count: {count}")
            }
            Self::TooManyInOperands { count } => {
                write!(f, "The IN operator is provided with too many operands; number of operands: {count}")
            }
            Self::OperandCount { operator, count } => write!(
                f,
                "Incorrect number of operands for operator or function; operator or function: {operator}, number of operands: {count}"
            ),
            Self::PathRequired { operator } => {
                write!(f, "Operator or function requires a document path; operator or function: {operator}")
            }
            Self::SameOperand { operator, operand } => write!(
                f,
                "The first operand must be distinct from the remaining operands for this operator or function; \
                 operator: {operator}, first operand: {operand}"
            ),
            Self::OperandType { operator, operand_type } => {
                write!(f, "{OPERAND_TYPE} or function: {operator}, operand type: {operand_type}")
            }
            Self::ClauseOperandType { operator, operand_type } => write!(
                f,
                "{OPERAND_TYPE}: {operator}, operand type: {operand_type}, typeSet: ALLOWED_FOR_{operator}_OPERAND"
            ),
            Self::UnknownAttributeType(name) => {
                write!(
                    f,
                    "Invalid attribute type name found; type: {name}, valid types: {{B,NULL,SS,BOOL,L,BS,N,NS,S,M}}"
                )
            }
            Self::BetweenTypes { lower, upper } => write!(
                f,
                "The BETWEEN operator requires same data type for lower and upper bounds; \
                 lower bound operand: AttributeValue: {lower}, upper bound operand: AttributeValue: {upper}"
            ),
            Self::BetweenReversed { lower, upper } => write!(
                f,
                "The BETWEEN operator requires upper bound to be greater than or equal to lower bound; \
                 lower bound operand: AttributeValue: {lower}, upper bound operand: AttributeValue: {upper}"
            ),
            Self::OverlappingPaths { one, two } => write!(f, "Two document paths overlap {BOTH_PATHS} {one}, path two: {two}"),
            Self::ConflictingPaths { one, two } => write!(f, "Two document paths conflict {BOTH_PATHS} {one}, path two: {two}"),
            Self::KeyOperator(operator) => write!(f, "Invalid operator used in KeyConditionExpression: {operator}"),
            Self::KeyNested => write!(f, "{KEY} cannot contain nested operations"),
            Self::KeyNestedAttribute => write!(f, "{KEY} cannot have conditions on nested attributes"),
            Self::KeyRepeated => write!(f, "{KEY} must only contain one condition per key"),
            Self::KeyWithoutAttribute => write!(f, "{KEY_OPERATION}No key attribute specified"),
            Self::KeyOverManyAttributes => write!(f, "{KEY_OPERATION}Multiple attribute names used in one condition"),
            Self::KeyAttributeNotFirst { operator } => {
                write!(
                    f,
                    "{KEY_OPERATION}{operator} operator must have the key attribute as its first operand"
                )
            }
        }
    }
}

impl Problem {
    /// Which of several problems is reported: the lowest, and of equals the one that stands first (part D on rules 26 and 30).
    /// The two orders differ: an update looks at reserved words before functions.
    pub(super) fn precedence(&self, kind: ExpressionKind) -> u8 {
        let update = kind == ExpressionKind::Update;
        match self {
            Self::Empty | Self::TooLong { .. } | Self::Syntax { .. } => 0,
            Self::RedundantParentheses => 1,
            Self::ReservedWord(_) => {
                if update {
                    2
                } else {
                    5
                }
            }
            Self::UnknownFunction(_) => 3,
            Self::MisusedFunction(_) | Self::RepeatedClause(_) => 4,
            Self::UndefinedName(_) | Self::ListIndexOutOfRange(_) | Self::PathTooDeep { .. } => 6,
            Self::UndefinedValue(_) => {
                if update {
                    7
                } else {
                    6
                }
            }
            Self::OverlappingPaths { .. } => 8,
            Self::ConflictingPaths { .. } => 9,
            // Only updates have these two operators.
            Self::ClauseOperandType { .. } | Self::OperandType { operator: "+" | "-", .. } => 10,
            Self::TooManyOperators { .. } => 11,
            Self::OperandCount { .. } | Self::TooManyInOperands { .. } => 12,
            Self::PathRequired { .. } => 13,
            Self::SameOperand { .. } => 14,
            Self::OperandType { .. } => 15,
            Self::UnknownAttributeType(_) | Self::BetweenTypes { .. } | Self::BetweenReversed { .. } => 16,
            // What only key conditions forbid is looked at when the rest is in order.
            Self::KeyOperator(_)
            | Self::KeyNested
            | Self::KeyNestedAttribute
            | Self::KeyRepeated
            | Self::KeyWithoutAttribute
            | Self::KeyOverManyAttributes
            | Self::KeyAttributeNotFirst { .. } => 17,
        }
    }
}
