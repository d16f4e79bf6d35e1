//! One parser for all five kinds of expression.
//!
//! A syntax error ends the parse. Everything else that may be wrong is noted while parsing goes on, and of all that was noted the one the
//! service reports first is reported (part D on rules 26 and 30): so an expression is read once, and needs no further passes.
//!
//! | file | what it parses |
//! | --- | --- |
//! | this one | tokens, document paths, placeholders, lists of paths |
//! | `terms` | conditions, operands and function calls, without recursion |
//! | `checks` | what operands an operator takes |
//! | `update` | the clauses of an update |

mod checks;
mod terms;
#[cfg(test)]
pub(super) mod tests;
mod update;

pub(super) use checks::is_type_name;

use super::condition::Condition;
use super::error::{ExpressionError, ExpressionKind, Problem};
use super::inputs::Inputs;
use super::lexer::{Token, TokenKind, token_at};
use super::path::{Collision, DocumentPath, PathElement};
use super::placeholders::Placeholders;
use super::projection::Projection;
use super::reserved_words::is_reserved;
use super::update::Update;
use super::values::{ValueId, Values};
use std::sync::Arc;

/// Rule 24.
const MAX_BYTES: usize = 4096;
/// Rule 25.
const MAX_OPERATORS: usize = 300;
/// As deep as an item may be (rule 17).
const MAX_PATH_LEVELS: usize = 32;

/// Parses a `ConditionExpression`, a `FilterExpression`, or the text of a key condition.
pub(super) fn parse_condition(
    kind: ExpressionKind,
    text: &str,
    placeholders: &Placeholders,
) -> Result<(Condition, Inputs), ExpressionError> {
    let (tree, values, inputs) = Parser::parse(kind, text, placeholders, Parser::condition)?;
    let tree = Arc::new(tree);
    Ok((Condition { tree, values }, inputs))
}

/// Parses a `ProjectionExpression`.
pub(super) fn parse_projection(text: &str, placeholders: &Placeholders) -> Result<(Projection, Inputs), ExpressionError> {
    let (paths, _, inputs) = Parser::parse(ExpressionKind::Projection, text, placeholders, |parser| {
        let paths = parser.list(Parser::path)?;
        parser.expect(TokenKind::End)?;
        parser.check_collisions(&paths.iter().collect::<Vec<_>>());
        Ok(paths)
    })?;
    Ok((Projection::new(paths), inputs))
}

/// Parses an `UpdateExpression`.
pub(super) fn parse_update(text: &str, placeholders: &Placeholders) -> Result<(Update, Inputs), ExpressionError> {
    let (clauses, values, inputs) = Parser::parse(ExpressionKind::Update, text, placeholders, Parser::update)?;
    let clauses = Arc::new(clauses);
    Ok((Update { clauses, values }, inputs))
}

struct Parser<'t> {
    kind: ExpressionKind,
    text: &'t str,
    placeholders: &'t Placeholders,
    /// The token before `token`; empty at the start of the text.
    previous: Token,
    token: Token,
    next: Token,
    /// How many tokens stand before `token`.
    position: usize,
    /// The values so far.
    values: Values,
    /// What of the placeholders was looked at.
    inputs: Inputs,
    /// How many operators and functions there were.
    operators: usize,
    /// What will be reported unless something of higher precedence turns up.
    finding: Option<Problem>,
}

impl<'t> Parser<'t> {
    fn parse<T>(
        kind: ExpressionKind,
        text: &'t str,
        placeholders: &'t Placeholders,
        grammar: impl FnOnce(&mut Self) -> Result<T, Problem>,
    ) -> Result<(T, Values, Inputs), ExpressionError> {
        let failed = |problem| ExpressionError { kind, problem };
        if text.is_empty() {
            return Err(failed(Problem::Empty));
        }
        if text.len() > MAX_BYTES {
            return Err(failed(Problem::TooLong { size: text.len() }));
        }
        let token = token_at(text, 0);
        let previous = Token {
            kind: TokenKind::Illegal,
            start: token.start,
            end: token.start,
        };
        let next = token_at(text, token.end);
        let mut parser = Self {
            kind,
            text,
            placeholders,
            previous,
            token,
            next,
            position: 0,
            values: Values::default(),
            inputs: Inputs::default(),
            operators: 0,
            finding: None,
        };
        let tree = grammar(&mut parser).map_err(failed)?;
        parser.inputs.tokens = parser.position;
        if parser.operators > MAX_OPERATORS {
            parser.note(Problem::TooManyOperators { count: parser.operators });
        }
        match parser.finding {
            Some(problem) => Err(failed(problem)),
            None => Ok((tree, parser.values, parser.inputs)),
        }
    }

    /// Notes a problem that is no syntax error. Out of line, as are the other rare ways: inlined, they double the parser in the wasm.
    #[cold]
    #[inline(never)]
    fn note(&mut self, problem: Problem) {
        let precedes = |noted: &Problem| problem.precedence(self.kind) < noted.precedence(self.kind);
        if self.finding.as_ref().is_none_or(precedes) {
            self.finding = Some(problem);
        }
    }

    fn advance(&mut self) {
        self.previous = self.token;
        self.token = self.next;
        self.next = token_at(self.text, self.token.end);
        self.position += 1;
    }

    fn text_of(&self, token: Token) -> &'t str {
        &self.text[token.start..token.end]
    }

    /// The syntax error that the current token is.
    #[cold]
    #[inline(never)]
    fn unexpected(&self) -> Problem {
        let (token, near) = if self.token.kind == TokenKind::End {
            // The last token alone, or the blanks the text is made of.
            let nothing_before = self.previous.start == self.previous.end;
            ("<EOF>", if nothing_before { self.text } else { self.text_of(self.previous) })
        } else {
            // Blanks at the end of the text belong to no token.
            let end = if self.next.kind == TokenKind::End {
                self.token.end
            } else {
                self.next.end
            };
            (self.text_of(self.token), &self.text[self.previous.start..end])
        };
        Problem::Syntax {
            token: token.to_owned(),
            near: near.to_owned(),
        }
    }

    fn expect(&mut self, kind: TokenKind) -> Result<(), Problem> {
        if self.token.kind != kind {
            return Err(self.unexpected());
        }
        self.advance();
        Ok(())
    }

    /// One or more, separated by commas.
    fn list<T>(&mut self, mut element: impl FnMut(&mut Self) -> Result<T, Problem>) -> Result<Vec<T>, Problem> {
        let mut elements = vec![element(self)?];
        while self.token.kind == TokenKind::Comma {
            self.advance();
            elements.push(element(self)?);
        }
        Ok(elements)
    }

    /// A document path: `a`, `#a.b[0]`.
    #[inline(never)]
    fn path(&mut self) -> Result<DocumentPath, Problem> {
        let mut path = DocumentPath::of_attribute(self.attribute_name()?);
        loop {
            match self.token.kind {
                TokenKind::Dot => {
                    self.advance();
                    path.elements.push(PathElement::Name(self.attribute_name()?));
                }
                TokenKind::OpenBracket => {
                    self.advance();
                    path.elements.push(PathElement::Index(self.list_index()?));
                    self.expect(TokenKind::CloseBracket)?;
                }
                _ => break,
            }
        }
        let levels = path.elements.len() + 1;
        if levels > MAX_PATH_LEVELS {
            self.note(Problem::PathTooDeep { levels });
        }
        Ok(path)
    }

    /// A name, written out or as a placeholder.
    fn attribute_name(&mut self) -> Result<String, Problem> {
        let text = self.text_of(self.token);
        let name = match self.token.kind {
            TokenKind::Identifier => {
                if is_reserved(text) {
                    self.note(Problem::ReservedWord(text.to_owned()));
                }
                text
            }
            TokenKind::Name => {
                if let Some(name) = self.placeholders.name(text) {
                    self.inputs.name(self.token.start..self.token.end, name);
                    name
                } else {
                    self.note(Problem::UndefinedName(text.to_owned()));
                    text
                }
            }
            _ => return Err(self.unexpected()),
        };
        self.advance();
        Ok(name.to_owned())
    }

    fn list_index(&mut self) -> Result<u32, Problem> {
        if self.token.kind != TokenKind::Index && self.next.kind == TokenKind::Index {
            // A sign, or whatever it is, before a number: it is the number that the service stumbles over.
            self.advance();
            return Err(self.unexpected());
        }
        let text = self.text_of(self.token);
        self.expect(TokenKind::Index)?;
        match text.parse() {
            Ok(index) if index < u32::MAX => Ok(index),
            _ => {
                self.note(Problem::ListIndexOutOfRange(text.to_owned()));
                Ok(0)
            }
        }
    }

    /// What a `:value` stands for.
    fn value(&mut self) -> Result<ValueId, Problem> {
        let token = self.token;
        let text = self.text_of(token);
        self.expect(TokenKind::Value)?;
        let value = self.placeholders.value(text).cloned().unwrap_or_else(|| {
            self.note(Problem::UndefinedValue(text.to_owned()));
            Arc::default()
        });
        self.inputs.value(token.start..token.end);
        Ok(self.values.push(value))
    }

    /// Notes the first two paths that cannot stand together (rule 30).
    #[inline(never)]
    fn check_collisions(&mut self, paths: &[&DocumentPath]) {
        for (at, two) in paths.iter().enumerate() {
            for one in &paths[..at] {
                let Some(collision) = one.collision(two) else { continue };
                let (one, two) = (one.to_string(), two.to_string());
                self.note(match collision {
                    Collision::Overlap => Problem::OverlappingPaths { one, two },
                    Collision::Conflict => Problem::ConflictingPaths { one, two },
                });
            }
        }
    }
}
