//! Which of several problems is reported (part D on rules 26 and 30).

use super::{in_filter, in_update};

#[test]
fn of_two_problems_in_a_condition_the_service_reports_the_one_it_looks_for_first() {
    // Part D on rule 26: each text has the problem of its row and of all rows below.
    let problems = [
        ("(( b = :w ))", "redundant parentheses"),
        ("foo(b)", "Invalid function name"),
        ("size(b)", "not allowed to be used this way"),
        ("status = :v", "reserved keyword"),
        ("#x = :v", "not defined"),
        ("begins_with(b)", "Incorrect number of operands"),
        ("b = b", "must be distinct"),
        ("begins_with(b, :n)", "Incorrect operand type"),
    ];
    for at in 0..problems.len() {
        let backwards: Vec<_> = problems[at..].iter().rev().map(|(text, _)| *text).collect();
        let found = in_filter(&backwards.join(" AND "));
        assert!(found.contains(problems[at].1), "{found}");
    }
    assert!(in_filter("((a=:v)) AND !").contains("Syntax error"));
}

#[test]
fn of_two_problems_in_an_update_the_service_reports_the_one_it_looks_for_first() {
    // Part D on rule 30.
    let problems = [
        ("SET c1 = status", "reserved keyword"),
        ("SET c2 = foo(b)", "Invalid function name"),
        ("SET c3 = c3 SET c33 = b", "can only be used once"),
        ("SET c4 = #x", "name used in the document path is not defined"),
        ("SET c5 = :undefined", "value used in expression is not defined"),
        ("REMOVE d, d", "overlap"),
        ("REMOVE e[0], e.b", "conflict"),
        ("ADD f :v", "operator: ADD, operand type"),
        ("SET c7 = b - :v", "operator or function: -, operand type"),
        ("SET c6 = if_not_exists(b)", "Incorrect number of operands"),
    ];
    for at in 0..problems.len() {
        let rest: Vec<&str> = problems[at..].iter().rev().map(|(text, _)| *text).collect();
        let list = |clause: &str| {
            let parts: Vec<_> = rest.iter().filter_map(|text| text.strip_prefix(clause)).collect();
            if parts.is_empty() {
                String::new()
            } else {
                format!("{clause}{}", parts.join(","))
            }
        };
        let found = in_update(&format!("{}  {} {}", list("ADD "), list("REMOVE "), list("SET ")));
        assert!(found.contains(problems[at].1), "{found}");
    }
}
