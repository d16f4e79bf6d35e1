//! The clauses of an update: `SET`, `REMOVE`, `ADD` and `DELETE`, each once, in any order (rules 30, 37-43).

use super::super::error::Problem;
use super::super::lexer::{Keyword, TokenKind};
use super::super::path::DocumentPath;
use super::super::update::{Clauses, SetAction, ValueAction};
use super::Parser;
use crate::model::AttributeValue;

impl Parser<'_> {
    pub(super) fn update(&mut self) -> Result<Clauses, Problem> {
        let mut update = Clauses::default();
        let mut seen: Vec<Keyword> = Vec::new();
        // The paths in the order of the text, which is the order in which they are reported.
        let mut targets: Vec<DocumentPath> = Vec::new();
        loop {
            let (clause, name) = match self.token.kind {
                TokenKind::Keyword(clause @ Keyword::Set) => (clause, "SET"),
                TokenKind::Keyword(clause @ Keyword::Remove) => (clause, "REMOVE"),
                TokenKind::Keyword(clause @ Keyword::Add) => (clause, "ADD"),
                TokenKind::Keyword(clause @ Keyword::Delete) => (clause, "DELETE"),
                _ => return Err(self.unexpected()),
            };
            self.advance();
            if seen.contains(&clause) {
                self.note(Problem::RepeatedClause(name));
            }
            seen.push(clause);
            match clause {
                Keyword::Set => {
                    let actions = self.list(Self::set_action)?;
                    targets.extend(actions.iter().map(|action| action.path.clone()));
                    update.set.extend(actions);
                }
                Keyword::Remove => {
                    let paths = self.list(Self::path)?;
                    targets.extend(paths.iter().cloned());
                    update.remove.extend(paths);
                }
                _ => {
                    let actions = self.list(|parser| parser.value_action(name))?;
                    targets.extend(actions.iter().map(|action| action.path.clone()));
                    if clause == Keyword::Add {
                        update.add.extend(actions);
                    } else {
                        update.delete.extend(actions);
                    }
                }
            }
            if self.token.kind == TokenKind::End {
                break;
            }
        }
        self.check_collisions(&targets.iter().collect::<Vec<_>>());
        Ok(update)
    }

    fn set_action(&mut self) -> Result<SetAction, Problem> {
        let path = self.path()?;
        self.expect(TokenKind::Equal)?;
        let value = self.set_value()?;
        Ok(SetAction { path, value })
    }

    /// `path :value` of `ADD` or `DELETE`.
    fn value_action(&mut self, operator: &'static str) -> Result<ValueAction, Problem> {
        let path = self.path()?;
        let value = self.value()?;
        let operand_type = match self.typed_value(value) {
            AttributeValue::Ss(_) | AttributeValue::Ns(_) | AttributeValue::Bs(_) => None,
            AttributeValue::N(_) => (operator == "DELETE").then_some("NUMBER"),
            AttributeValue::S(_) => Some("STRING"),
            AttributeValue::B(_) => Some("BINARY"),
            AttributeValue::Bool(_) => Some("BOOLEAN"),
            AttributeValue::Null => Some("NULL"),
            AttributeValue::L(_) => Some("LIST"),
            AttributeValue::M(_) => Some("MAP"),
        };
        if let Some(operand_type) = operand_type {
            self.note(Problem::ClauseOperandType { operator, operand_type });
        }
        Ok(ValueAction { path, value })
    }
}
