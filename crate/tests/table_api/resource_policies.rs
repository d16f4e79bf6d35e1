//! Resource policies: attached with a table or to it, given back, taken away.

use crate::changes::update;
use crate::database::{Db, INVALID, START, Table, s};
use serde_json::{Value, json};

const ARN: &str = "arn:aws:dynamodb:eu-west-2:000000000000:table/Tab";
const NOT_FOUND: &str = "Resource-based policy not found for the provided ResourceArn: ";

/// A policy in the form in which it is given back.
fn policy(action: &str) -> String {
    format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{{"AWS":"arn:aws:iam::123456789012:root"}},"Action":"{action}","Resource":"{ARN}"}}]}}"#
    )
}

fn put(arn: &str, policy: &str) -> Value {
    json!({"ResourceArn": arn, "Policy": policy})
}

fn expecting(request: &Value, revision: &str) -> Value {
    let mut request = request.clone();
    request["ExpectedRevisionId"] = json!(revision);
    request
}

fn on(arn: &str) -> Value {
    json!({ "ResourceArn": arn })
}

fn revision(reply: &Value) -> String {
    reply["RevisionId"].as_str().unwrap().to_owned()
}

fn no_policy(db: &Db, operation: &str, request: &Value) -> String {
    let (name, message) = db.fails(operation, request);
    assert_eq!(name, "PolicyNotFoundException", "{message}");
    message.strip_prefix(NOT_FOUND).unwrap_or_else(|| panic!("{message}")).to_owned()
}

#[test]
fn a_policy_is_attached_given_back_replaced_and_deleted() {
    // rule A6
    let db = Db::holding(&Table::new(&["pk:S"]));
    assert_eq!(no_policy(&db, "GetResourcePolicy", &on(ARN)), ARN);
    assert_eq!(
        db.ok("DeleteResourcePolicy", &on(ARN)),
        json!({}),
        "nothing to delete is no mistake"
    );
    let (read, write) = (policy("dynamodb:GetItem"), policy("dynamodb:PutItem"));
    let first = revision(&db.ok("PutResourcePolicy", &put(ARN, &read)));
    assert_eq!(first, START.to_string());
    assert_eq!(db.ok("GetResourcePolicy", &on(ARN)), json!({"Policy": read, "RevisionId": first}));
    db.clock.advance(5);
    // What says the same is no change: its revision stays.
    let spaced = read
        .replace(':', " : ")
        .replace(" : ", ":")
        .replace("{\"Effect\"", "\n { \"Effect\"");
    assert_eq!(revision(&db.ok("PutResourcePolicy", &put(ARN, &spaced))), first);
    let second = revision(&db.ok("PutResourcePolicy", &put(ARN, &write)));
    assert_eq!(second, (START + 5).to_string());
    let third = revision(&db.ok("PutResourcePolicy", &put(ARN, &read)));
    assert_eq!(third, (START + 6).to_string(), "two changes in one millisecond are two revisions");
    assert_eq!(db.ok("GetResourcePolicy", &on(ARN))["Policy"], read);
    assert_eq!(revision(&db.ok("DeleteResourcePolicy", &on(ARN))), third);
    assert_eq!(no_policy(&db, "GetResourcePolicy", &on(ARN)), ARN);
    // Deleted once more, the revision is that of the deletion.
    assert_eq!(revision(&db.ok("DeleteResourcePolicy", &on(ARN))), (START + 7).to_string());
}

#[test]
fn a_change_can_be_bound_to_the_revision_that_is_there() {
    // rule A6
    let db = Db::holding(&Table::new(&["pk:S"]));
    let (read, write) = (put(ARN, &policy("dynamodb:GetItem")), put(ARN, &policy("dynamodb:PutItem")));
    for (operation, request) in [("PutResourcePolicy", &read), ("DeleteResourcePolicy", &on(ARN))] {
        assert_eq!(
            no_policy(&db, operation, &expecting(request, "123")),
            "Requested update for policy with revision id 123, but table Tab has no associated policy."
        );
    }
    let first = revision(&db.ok("PutResourcePolicy", &expecting(&read, "NO_POLICY")));
    for (operation, request) in [("PutResourcePolicy", &write), ("DeleteResourcePolicy", &on(ARN))] {
        assert_eq!(
            no_policy(&db, operation, &expecting(request, "NO_POLICY")),
            format!("Requested policy update expecting none to be present for table Tab, but a policy exists with revision id {first}.")
        );
        assert_eq!(
            no_policy(&db, operation, &expecting(request, "123")),
            format!(
                "Requested update for policy with revision id 123, but the policy associated to target table Tab has revision id {first}."
            )
        );
    }
    let second = revision(&db.ok("PutResourcePolicy", &expecting(&write, &first)));
    assert_ne!(second, first);
    db.ok("DeleteResourcePolicy", &expecting(&on(ARN), &second));
    db.ok("PutResourcePolicy", &expecting(&read, "NO_POLICY"));
}

#[test]
fn changes_keep_a_distance_where_tables_take_their_time() {
    // rule A6
    let db = Db::with_lifecycle(1000);
    db.create(&Table::new(&["pk:S"]));
    let (read, write) = (put(ARN, &policy("dynamodb:GetItem")), put(ARN, &policy("dynamodb:PutItem")));
    // A table that is being created is not there yet.
    for (operation, request) in [
        ("PutResourcePolicy", &read),
        ("GetResourcePolicy", &on(ARN)),
        ("DeleteResourcePolicy", &on(ARN)),
    ] {
        assert_eq!(
            db.fails(operation, request),
            (
                "ResourceNotFoundException".into(),
                "Requested resource not found: Table: Tab not found".into()
            )
        );
    }
    db.clock.advance(1000);
    let first = revision(&db.ok("PutResourcePolicy", &read));
    db.clock.advance(1999);
    for (operation, request) in [("PutResourcePolicy", &write), ("DeleteResourcePolicy", &on(ARN))] {
        assert_eq!(
            db.fails(operation, request),
            (
                "ResourceInUseException".into(),
                "Attempt to change a resource which is still in use: Table is pending previous resource-based policy update: Tab".into()
            )
        );
    }
    // What changes nothing is not kept waiting, and a wrong revision is told first.
    assert_eq!(revision(&db.ok("PutResourcePolicy", &read)), first);
    no_policy(&db, "PutResourcePolicy", &expecting(&write, "123"));
    db.clock.advance(13_000);
    for (operation, request) in [("PutResourcePolicy", &write), ("DeleteResourcePolicy", &on(ARN))] {
        assert_eq!(
            db.fails(operation, request),
            (
                "ThrottlingException".into(),
                "Resource-based policy for table Tab modified within the previous 15000 milliseconds. Please try again after \
                 2026-10-01T00:00:16.000Z."
                    .into()
            )
        );
    }
    db.clock.advance(1);
    db.ok("DeleteResourcePolicy", &on(ARN));
    // The deletion is a change, too.
    assert_eq!(db.fails("PutResourcePolicy", &write).0, "ResourceInUseException");
}

#[test]
fn a_stream_has_a_policy_of_its_own() {
    // rule A6
    let db = Db::holding(&Table::new(&["pk:S"]).stream("NEW_IMAGE"));
    let table = db.ok("DescribeTable", &json!({"TableName": "Tab"}))["Table"].clone();
    let stream = table["LatestStreamArn"].as_str().unwrap();
    let label = table["LatestStreamLabel"].as_str().unwrap();
    let of_stream = policy("dynamodb:GetRecords").replace(ARN, stream);
    db.ok("PutResourcePolicy", &put(stream, &of_stream));
    assert_eq!(no_policy(&db, "GetResourcePolicy", &on(ARN)), ARN);
    assert_eq!(db.ok("GetResourcePolicy", &on(stream))["Policy"], of_stream);
    let of_table = policy("dynamodb:GetItem");
    db.ok("PutResourcePolicy", &put(ARN, &of_table));
    db.ok("DeleteResourcePolicy", &on(stream));
    assert_eq!(no_policy(&db, "GetResourcePolicy", &on(stream)), stream);
    assert_eq!(db.ok("GetResourcePolicy", &on(ARN))["Policy"], of_table);
    let never = stream.replace(label, "2000-01-01T00:00:00.000");
    for (operation, request) in [
        ("GetResourcePolicy", on(&never)),
        ("PutResourcePolicy", put(&never, &of_stream)),
        ("DeleteResourcePolicy", on(&never)),
    ] {
        assert_eq!(
            db.fails(operation, &request),
            (
                "ResourceNotFoundException".into(),
                "Requested resource not found: Stream: 2000-01-01T00:00:00.000 not found for Table: Tab".into()
            )
        );
    }
    // The stream outlives its table, the policies do not.
    db.ok("DeleteTable", &json!({"TableName": "Tab"}));
    assert_eq!(no_policy(&db, "GetResourcePolicy", &on(stream)), stream);
    assert_eq!(
        db.fails("GetResourcePolicy", &on(ARN)).1,
        "Requested resource not found: Table: Tab not found"
    );
    db.create(&Table::new(&["pk:S"]));
    assert_eq!(no_policy(&db, "GetResourcePolicy", &on(ARN)), ARN);
}

#[test]
fn a_table_is_made_with_its_policy_and_keeps_it() {
    // rule A6: over a change of the table, and over a reload
    let scratch = crate::scratch::Scratch::new();
    let open = || {
        let clock = std::rc::Rc::new(dynatab::storage_backend::ManualClock::new(START));
        let durability = dynatab::storage_backend::framed::Durability::Strict;
        let storage = dynatab::storage::Storage::open(&scratch.file(), clock.clone(), durability).unwrap();
        Db::over(storage, clock, 0)
    };
    let kept = json!({"Policy": policy("dynamodb:Query"), "RevisionId": START.to_string()});
    let db = open();
    db.create(&Table::new(&["pk:S"]).with("ResourcePolicy", kept["Policy"].clone()));
    assert_eq!(db.ok("GetResourcePolicy", &on(ARN)), kept);
    update(&db, &json!({"TableClass": "STANDARD"}));
    db.put(&json!({"pk": s("a")}));
    drop(db);
    assert_eq!(open().ok("GetResourcePolicy", &on(ARN)), kept);
}

#[test]
fn what_is_no_policy_and_what_can_have_none_is_refused() {
    // rule A6
    let db = Db::holding(&Table::new(&["pk:S"]));
    let valid = policy("dynamodb:GetItem");
    for (text, message) in [
        (String::new(), "Invalid policy document: This policy contains invalid Json"),
        ("{not json".into(), "Invalid policy document: This policy contains invalid Json"),
        (
            r#"{"Statement":[]}"#.into(),
            "Invalid policy document: Could not parse the policy: Statement is empty!",
        ),
        (
            valid.replace("Resource", "Ressource"),
            "Invalid policy document: Missing required field Resource",
        ),
        (format!("{valid:<20481}"), "Maximum policy size of 20480 bytes exceeded"),
    ] {
        let message = format!("{INVALID}{message}");
        assert_eq!(db.invalid("PutResourcePolicy", &put(ARN, &text)), message);
        let table = Table::new(&["pk:S"]).with("ResourcePolicy", json!(text));
        assert_eq!(db.invalid("CreateTable", &table.request()), message);
    }
    db.ok("PutResourcePolicy", &put(ARN, &format!("{valid:<20480}")));
    for (arn, message) in [
        ("Tab", format!("{INVALID}ARNs must start with 'arn:': Tab")),
        (
            "arn:aws:dynamodb:eu-west-2:123456789012:table/Tab",
            "This action is only supported by accounts that match the resource owner’s account.".into(),
        ),
        (
            "arn:aws:dynamodb:eu-west-2:000000000000:table/Tab/index/i",
            format!(
                "{INVALID}Invalid resource arn provided, only table or stream is accepted. Provided resource arn: \
                 arn:aws:dynamodb:eu-west-2:000000000000:table/Tab/index/i"
            ),
        ),
        (
            "arn:aws:dynamodb:eu-west-2:000000000000:table/Tab/backup/0170",
            format!("{INVALID}Provided Arn is not a DynamoDB resource arn: arn:aws:dynamodb:eu-west-2:000000000000:table/Tab/backup/0170"),
        ),
        (
            "arn:aws:s3:::bucket",
            format!("{INVALID}Provided Arn is not a DynamoDB resource arn: arn:aws:s3:::bucket"),
        ),
    ] {
        for (operation, request) in [
            ("PutResourcePolicy", put(arn, &valid)),
            ("GetResourcePolicy", on(arn)),
            ("DeleteResourcePolicy", on(arn)),
        ] {
            assert_eq!(db.invalid(operation, &request), message, "{operation}");
        }
    }
    assert_eq!(
        db.fails("GetResourcePolicy", &on(&ARN.replace("Tab", "TAB"))),
        (
            "ResourceNotFoundException".into(),
            "Requested resource not found: Table: TAB not found".into()
        )
    );
}
