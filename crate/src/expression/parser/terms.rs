//! Conditions, operands and function calls. They nest in each other as deep as 4096 bytes allow, so what is open is kept on a stack of
//! its own instead of the machine's.

use super::super::condition::{Comparator, Node, NodeId, Operand, Tree};
use super::super::error::Problem;
use super::super::function::{Function, FunctionResult};
use super::super::lexer::{Keyword, TokenKind};
use super::super::path::DocumentPath;
use super::super::update::SetValue;
use super::Parser;

/// Something that began and still waits for its end or its right side.
enum Frame {
    /// `(` with the number of tokens before it. What stands inside is a single operand if only an operand can stand here.
    Group {
        position: usize,
        operand_only: bool,
    },
    /// A function's `(`; its operands are the terms from `first` on. `None`: there is no such function.
    Call {
        function: Option<Function>,
        first: usize,
    },
    /// The `(` of `IN`; the tested operand stands before `first`.
    In {
        first: usize,
    },
    Compare(Comparator),
    /// `BETWEEN`, the lower bound to come.
    BetweenLower,
    /// `BETWEEN ... AND`, the upper bound to come.
    BetweenUpper,
    Not,
    And,
    Or,
    /// `+` (true) or `-`.
    Arithmetic(bool),
}

/// Something complete.
enum Term {
    Operand(Operand),
    /// A function that is true or false (`None`: an unknown one); whether it may stand here is seen later.
    Call(Option<&'static str>, NodeId),
    Condition(NodeId),
    Arithmetic(SetValue),
}

/// Whether a condition is parsed, or the right side of a `SET`.
#[derive(Clone, Copy, PartialEq)]
enum Goal {
    Condition,
    SetValue,
}

struct TermParser<'p, 't> {
    parser: &'p mut Parser<'t>,
    goal: Goal,
    frames: Vec<Frame>,
    terms: Vec<Term>,
    nodes: Vec<Node>,
    /// The group closed last: where it opened and where it closed, in tokens.
    closed: Option<(usize, usize)>,
}

impl<'t> Parser<'t> {
    /// A whole condition, up to the end of the text.
    pub(super) fn condition(&mut self) -> Result<Tree, Problem> {
        let mut terms = self.terms(Goal::Condition);
        terms.run()?;
        let term = terms.pop();
        let root = terms.as_condition(&term);
        Ok(Tree { nodes: terms.nodes, root })
    }

    /// The right side of a `SET` action.
    pub(super) fn set_value(&mut self) -> Result<SetValue, Problem> {
        let mut terms = self.terms(Goal::SetValue);
        terms.run()?;
        match terms.pop() {
            Term::Arithmetic(value) => Ok(value),
            term => Ok(SetValue::Operand(terms.as_operand(term))),
        }
    }

    fn terms<'p>(&'p mut self, goal: Goal) -> TermParser<'p, 't> {
        TermParser {
            parser: self,
            goal,
            frames: Vec::new(),
            terms: Vec::new(),
            nodes: Vec::new(),
            closed: None,
        }
    }
}

impl TermParser<'_, '_> {
    fn run(&mut self) -> Result<(), Problem> {
        loop {
            self.begin_term()?;
            if self.after_term()? {
                return Ok(());
            }
        }
    }

    /// Whether an operand is the only thing that can stand here.
    fn operand_only(&self) -> bool {
        !matches!(
            self.frames.last(),
            None | Some(Frame::Not | Frame::And | Frame::Or | Frame::Group { operand_only: false, .. })
        )
    }

    /// Reads up to and including the next path, value or opening of something.
    fn begin_term(&mut self) -> Result<(), Problem> {
        loop {
            let token = self.parser.token;
            match token.kind {
                TokenKind::Keyword(Keyword::Not) if self.goal == Goal::Condition && !self.operand_only() => {
                    self.parser.advance();
                    self.open_operator(Frame::Not);
                }
                TokenKind::OpenParenthesis => {
                    let frame = Frame::Group {
                        position: self.parser.position,
                        operand_only: self.operand_only(),
                    };
                    self.frames.push(frame);
                    self.parser.advance();
                }
                TokenKind::Identifier if self.parser.next.kind == TokenKind::OpenParenthesis => {
                    let name = self.parser.text_of(token);
                    let function = Function::named(name, self.parser.kind);
                    if function.is_none() {
                        self.parser.note(Problem::UnknownFunction(name.to_owned()));
                    }
                    self.parser.advance();
                    self.parser.advance();
                    let first = self.terms.len();
                    self.open_operator(Frame::Call { function, first });
                }
                TokenKind::Identifier | TokenKind::Name => {
                    let is_size = self.parser.text_of(token) == "size";
                    if is_size {
                        // At the start of an operand `size` is the function and nothing else (part D on rule 33).
                        self.parser.advance();
                        return Err(self.parser.unexpected());
                    }
                    let path = self.parser.path()?;
                    self.terms.push(Term::Operand(Operand::Path(path)));
                    return Ok(());
                }
                TokenKind::Value => {
                    let value = self.parser.value()?;
                    self.terms.push(Term::Operand(Operand::Value(value)));
                    return Ok(());
                }
                _ => return Err(self.parser.unexpected()),
            }
        }
    }

    fn open_operator(&mut self, frame: Frame) {
        self.parser.operators += 1;
        self.frames.push(frame);
    }

    /// Closes what the last term completes. False: another term is to come. True: the goal is reached.
    fn after_term(&mut self) -> Result<bool, Problem> {
        loop {
            let token = self.parser.token.kind;
            match self.frames.last() {
                Some(Frame::Compare(_) | Frame::BetweenUpper | Frame::Arithmetic(_)) => self.reduce(),
                Some(Frame::BetweenLower) => {
                    self.parser.expect(TokenKind::Keyword(Keyword::And))?;
                    self.frames.pop();
                    self.frames.push(Frame::BetweenUpper);
                    return Ok(false);
                }
                Some(Frame::Call { .. } | Frame::In { .. }) => match token {
                    TokenKind::Comma => {
                        self.parser.advance();
                        return Ok(false);
                    }
                    TokenKind::CloseParenthesis => {
                        self.parser.advance();
                        self.reduce();
                    }
                    _ => return Err(self.parser.unexpected()),
                },
                Some(Frame::Group { operand_only: true, .. }) => match token {
                    TokenKind::CloseParenthesis => self.close_group(),
                    _ => return Err(self.parser.unexpected()),
                },
                None | Some(Frame::Not | Frame::And | Frame::Or | Frame::Group { .. }) => {
                    if self.continue_operand()? || self.continue_condition()? {
                        return Ok(false);
                    }
                    if token == TokenKind::CloseParenthesis && matches!(self.frames.last(), Some(Frame::Group { .. })) {
                        self.close_group();
                    } else if self.is_complete() {
                        return Ok(true);
                    } else {
                        return Err(self.parser.unexpected());
                    }
                }
            }
        }
    }

    /// An operator that takes the operand before it as its left side. True: its right side is to come.
    fn continue_operand(&mut self) -> Result<bool, Problem> {
        if !matches!(self.terms.last(), Some(Term::Operand(_) | Term::Call(..))) {
            return Ok(false);
        }
        let frame = match (self.goal, self.parser.token.kind) {
            (Goal::Condition, TokenKind::Equal) => Frame::Compare(Comparator::Equal),
            (Goal::Condition, TokenKind::NotEqual) => Frame::Compare(Comparator::NotEqual),
            (Goal::Condition, TokenKind::Less) => Frame::Compare(Comparator::Less),
            (Goal::Condition, TokenKind::LessOrEqual) => Frame::Compare(Comparator::LessOrEqual),
            (Goal::Condition, TokenKind::Greater) => Frame::Compare(Comparator::Greater),
            (Goal::Condition, TokenKind::GreaterOrEqual) => Frame::Compare(Comparator::GreaterOrEqual),
            (Goal::Condition, TokenKind::Keyword(Keyword::Between)) => Frame::BetweenLower,
            (Goal::Condition, TokenKind::Keyword(Keyword::In)) => {
                self.parser.advance();
                if self.parser.token.kind != TokenKind::OpenParenthesis {
                    return Err(self.parser.unexpected());
                }
                Frame::In { first: self.terms.len() }
            }
            (Goal::SetValue, TokenKind::Plus) => Frame::Arithmetic(true),
            (Goal::SetValue, TokenKind::Minus) => Frame::Arithmetic(false),
            _ => return Ok(false),
        };
        self.parser.advance();
        self.open_operator(frame);
        Ok(true)
    }

    /// `AND`, `OR`, or the end of a condition. True: a right side is to come. Afterwards nothing waits for the condition but a group.
    fn continue_condition(&mut self) -> Result<bool, Problem> {
        let (frame, binds_as_tight): (_, fn(&Frame) -> bool) = match self.parser.token.kind {
            TokenKind::Keyword(Keyword::And) => (Some(Frame::And), |frame| matches!(frame, Frame::Not | Frame::And)),
            TokenKind::Keyword(Keyword::Or) => (Some(Frame::Or), |frame| matches!(frame, Frame::Not | Frame::And | Frame::Or)),
            TokenKind::CloseParenthesis | TokenKind::End => (None, |frame| matches!(frame, Frame::Not | Frame::And | Frame::Or)),
            _ => return Ok(false),
        };
        if self.goal == Goal::SetValue {
            return Ok(false);
        }
        let closes_group = frame.is_none() && matches!(self.frames.last(), Some(Frame::Group { .. }));
        if closes_group {
            // `(size(a)) > :v`: a group may hold an operand, too.
            return Ok(false);
        }
        if matches!(self.terms.last(), Some(Term::Operand(Operand::Path(_) | Operand::Value(_)))) {
            return Err(self.parser.unexpected());
        }
        while self.frames.last().is_some_and(binds_as_tight) {
            self.reduce();
        }
        let Some(frame) = frame else { return Ok(false) };
        // What stands left of AND and OR is a condition, whatever follows.
        let left = self.pop();
        let left = self.as_condition(&left);
        self.terms.push(Term::Condition(left));
        self.parser.advance();
        self.open_operator(frame);
        Ok(true)
    }

    fn is_complete(&self) -> bool {
        self.frames.is_empty() && (self.goal == Goal::SetValue || self.parser.token.kind == TokenKind::End)
    }

    /// `)` of a group; its content stays as it is.
    fn close_group(&mut self) {
        if let Some(Frame::Group { position, .. }) = self.frames.pop() {
            let end = self.parser.position;
            if self.closed == Some((position + 1, end - 1)) {
                self.parser.note(Problem::RedundantParentheses);
            }
            self.closed = Some((position, end));
        }
        self.parser.advance();
    }

    /// Turns the topmost frame and its terms into one term.
    fn reduce(&mut self) {
        let Some(frame) = self.frames.pop() else { return };
        let term = match frame {
            Frame::Compare(comparator) => {
                let (right, left) = (self.pop_operand(), self.pop_operand());
                self.parser.check_compare(comparator, &left, &right);
                self.condition(Node::Compare(comparator, left, right))
            }
            Frame::BetweenLower | Frame::BetweenUpper => {
                let (upper, lower, tested) = (self.pop_operand(), self.pop_operand(), self.pop_operand());
                self.parser.check_between(&tested, &lower, &upper);
                self.condition(Node::Between(tested, lower, upper))
            }
            Frame::In { first } => {
                let list = self.operands_from(first);
                let tested = self.pop_operand();
                self.parser.check_in(&tested, &list);
                self.condition(Node::In(tested, list))
            }
            Frame::Call { function, first } => {
                let operands = self.operands_from(first);
                self.call(function, operands)
            }
            Frame::Not => {
                let operand = self.pop_condition();
                self.condition(Node::Not(operand))
            }
            Frame::And => {
                let (right, left) = (self.pop_condition(), self.pop_condition());
                self.condition(Node::And(left, right))
            }
            Frame::Or => {
                let (right, left) = (self.pop_condition(), self.pop_condition());
                self.condition(Node::Or(left, right))
            }
            Frame::Arithmetic(plus) => {
                let (right, left) = (self.pop_operand(), self.pop_operand());
                self.parser.check_arithmetic(if plus { "+" } else { "-" }, [&left, &right]);
                Term::Arithmetic(if plus {
                    SetValue::Sum(left, right)
                } else {
                    SetValue::Difference(left, right)
                })
            }
            Frame::Group { .. } => return,
        };
        self.terms.push(term);
    }

    #[inline(never)]
    fn call(&mut self, function: Option<Function>, operands: Vec<Operand>) -> Term {
        let Some(function) = function else {
            return Term::Call(None, NodeId(0));
        };
        self.parser.check_call(&function, &operands);
        if let FunctionResult::Truth(predicate) = function.result {
            let node = self.node(Node::Call(predicate, operands));
            return Term::Call(Some(function.name), node);
        }
        let mut operands = operands.into_iter();
        Term::Operand(match (function.result, operands.next(), operands.next()) {
            // Calls inside were refused; leaving them out keeps the operand flat.
            (FunctionResult::Size, Some(operand @ (Operand::Path(_) | Operand::Value(_))), None) => Operand::Size(Box::new(operand)),
            (FunctionResult::IfNotExists, Some(Operand::Path(path)), Some(operand)) => Operand::IfNotExists(Box::new((path, operand))),
            (FunctionResult::ListAppend, Some(one), Some(two)) => Operand::ListAppend(Box::new((one, two))),
            // Refused by the checks: it will not be evaluated.
            _ => nothing(),
        })
    }

    fn node(&mut self, node: Node) -> NodeId {
        self.nodes.push(node);
        NodeId((self.nodes.len() - 1) as u32)
    }

    #[inline(never)]
    fn condition(&mut self, node: Node) -> Term {
        Term::Condition(self.node(node))
    }

    fn pop(&mut self) -> Term {
        self.terms.pop().unwrap_or_else(|| Term::Operand(nothing()))
    }

    #[inline(never)]
    fn pop_operand(&mut self) -> Operand {
        let term = self.pop();
        self.as_operand(term)
    }

    fn pop_condition(&mut self) -> NodeId {
        let term = self.pop();
        self.as_condition(&term)
    }

    #[inline(never)]
    fn operands_from(&mut self, first: usize) -> Vec<Operand> {
        let terms = self.terms.split_off(first);
        terms.into_iter().map(|term| self.as_operand(term)).collect()
    }

    /// The term where an operand must stand. (The grammar lets nothing but operands and calls come here.)
    fn as_operand(&mut self, term: Term) -> Operand {
        match term {
            Term::Operand(operand) => operand,
            Term::Call(name, _) => {
                self.misused(name);
                nothing()
            }
            Term::Condition(_) | Term::Arithmetic(_) => nothing(),
        }
    }

    /// The term where a condition must stand. (The grammar lets no path, value or arithmetic come here.)
    fn as_condition(&mut self, term: &Term) -> NodeId {
        match term {
            Term::Condition(node) | Term::Call(_, node) => *node,
            Term::Operand(_) => {
                self.misused(Some("size"));
                NodeId(0)
            }
            Term::Arithmetic(_) => NodeId(0),
        }
    }

    fn misused(&mut self, function: Option<&'static str>) {
        if let Some(function) = function {
            self.parser.note(Problem::MisusedFunction(function));
        }
    }
}

/// Stands where a problem was noted, so that parsing can go on.
fn nothing() -> Operand {
    Operand::Path(DocumentPath::of_attribute(""))
}
