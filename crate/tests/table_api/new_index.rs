//! How an index comes to be by UpdateTable, and how it goes.

use crate::changes::{create_index, definition, delete_index, described, step, update, with_name, work};
use crate::database::{Db, START, Table, all, keys_only, n, s};
use serde_json::{Value, json};

fn read_index(db: &Db, name: &str) -> Vec<Value> {
    read_all(db, &json!({"TableName": "Tab", "IndexName": name}))
}

/// All items of a scan, by their keys.
fn read_all(db: &Db, scan: &Value) -> Vec<Value> {
    let mut items = Vec::new();
    let mut start = Value::Null;
    loop {
        let mut request = scan.clone();
        if !start.is_null() {
            request["ExclusiveStartKey"] = start;
        }
        let reply = db.ok("Scan", &request);
        items.extend(reply["Items"].as_array().unwrap().clone());
        start = reply["LastEvaluatedKey"].clone();
        if start.is_null() {
            items.sort_by_key(|item| item["pk"]["S"].as_str().unwrap().to_owned());
            return items;
        }
    }
}

#[test]
fn a_new_index_is_filled_in_steps_while_items_change() {
    // rule 91
    let db = Db::with_lifecycle(1000);
    db.create(&Table::new(&["pk:S"]));
    db.clock.advance(1000);
    for at in 0..350 {
        db.put(&json!({"pk": s(at.to_string()), "g": s(format!("g{}", at % 5)), "v": n(at)}));
    }
    for (pk, g) in [("number", n(1)), ("empty", s("")), ("long", s("x".repeat(2049)))] {
        db.put(&json!({"pk": s(pk), "g": g}));
    }
    let updating = update(&db, &create_index("late", "g", &all()));
    let index = |description: &Value| description["GlobalSecondaryIndexes"][0].clone();
    assert_eq!(updating["TableStatus"], "UPDATING");
    assert_eq!(index(&updating)["IndexStatus"], "CREATING");
    assert_eq!(index(&updating)["Backfilling"], false);
    assert!(step(&db) > 0, "nothing is filled before the index is allocated");
    db.clock.advance(1000);
    let filling = described(&db);
    assert_eq!(
        (
            &filling["TableStatus"],
            &index(&filling)["IndexStatus"],
            &index(&filling)["Backfilling"]
        ),
        (&json!("ACTIVE"), &json!("CREATING"), &json!(true))
    );
    assert_eq!(
        db.invalid("Scan", &json!({"TableName": "Tab", "IndexName": "late"})),
        "Cannot read from backfilling global secondary index: late"
    );
    // Between the steps items are put, changed and deleted, before and behind the place the filling has got to.
    for round in 0..3 {
        assert_eq!(step(&db), 0);
        for at in (round..350).step_by(7) {
            let key = json!({"pk": s(at.to_string())});
            match at % 3 {
                0 => {
                    db.ok("DeleteItem", &json!({"TableName": "Tab", "Key": key}));
                }
                1 => db.put(&json!({"pk": s(at.to_string()), "g": s("moved"), "v": n(round)})),
                _ => db.put(&json!({"pk": s(format!("new{round}-{at}")), "g": s("new")})),
            }
        }
    }
    work(&db);
    let active = described(&db);
    assert_eq!(index(&active)["IndexStatus"], "ACTIVE");
    assert_eq!(index(&active).get("Backfilling"), None);
    let mut expected: Vec<Value> = db.ok("Scan", &json!({"TableName": "Tab"}))["Items"].as_array().unwrap().clone();
    expected.retain(|item| item["g"]["S"].as_str().is_some_and(|g| !g.is_empty() && g.len() <= 2048));
    expected.sort_by_key(|item| item["pk"]["S"].as_str().unwrap().to_owned());
    assert_eq!(read_index(&db, "late"), expected);
    assert_eq!(index(&active)["ItemCount"], expected.len());
    // An item that was never in the index goes without disturbing its counts.
    db.ok("DeleteItem", &json!({"TableName": "Tab", "Key": {"pk": s("number")}}));
    assert_eq!(index(&described(&db))["ItemCount"], expected.len());
}

#[test]
fn a_partition_larger_than_a_step_is_filled_in_several() {
    // rule 91
    let db = Db::holding(&Table::new(&["pk:S", "sk:N"]));
    for at in 0..250 {
        db.put(&json!({"pk": s("p"), "sk": n(at), "g": s("g")}));
    }
    update(&db, &create_index("late", "g", &all()));
    assert_eq!(described(&db)["GlobalSecondaryIndexes"][0]["Backfilling"], true);
    // 200 and 50 items and the table's end are read, 100, 113 and 37 entries are written, and the last step finds nothing more.
    let steps = (0..).take(10).find(|_| step(&db) > 0);
    assert_eq!(steps, Some(7));
    assert_eq!(read_index(&db, "late").len(), 250);
    assert_eq!(described(&db)["GlobalSecondaryIndexes"][0]["ItemCount"], 250);
}

#[test]
fn large_items_are_filled_in_a_few_at_a_time() {
    let db = Db::holding(&Table::new(&["pk:S"]));
    for at in 0..9 {
        db.put(&json!({"pk": s(at.to_string()), "g": s("g"), "large": s("x".repeat(100_000))}));
    }
    update(&db, &create_index("late", "g", &keys_only()));
    described(&db);
    // 256 kB a step are three items; then comes the table's end, all entries are written, and the last step finds nothing more.
    assert_eq!((0..).take(10).find(|_| step(&db) > 0), Some(6));
    assert_eq!(read_index(&db, "late").len(), 9);
}

#[test]
fn filling_goes_on_after_the_database_was_closed() {
    // rule 91
    use dynatab::storage::Storage;
    use dynatab::storage_backend::ManualClock;
    use dynatab::storage_backend::framed::Durability;
    let scratch = crate::scratch::Scratch::new();
    let open = || {
        let clock = std::rc::Rc::new(ManualClock::new(START));
        let storage = Storage::open(&scratch.file(), clock.clone(), Durability::Strict).unwrap();
        Db::over(storage, clock, 0)
    };
    let db = open();
    db.create(&Table::new(&["pk:S"]));
    for at in 0..250 {
        db.put(&json!({"pk": s(at.to_string()), "g": s("g")}));
    }
    update(&db, &create_index("late", "g", &keys_only()));
    drop(db);
    for _ in 0..2 {
        let db = open();
        assert_eq!(step(&db), 0);
        db.put(&json!({"pk": s("more"), "g": s("g")}));
        assert_eq!(described(&db)["GlobalSecondaryIndexes"][0]["Backfilling"], true);
    }
    let db = open();
    work(&db);
    assert_eq!(read_index(&db, "late").len(), 251);
    assert_eq!(described(&db)["GlobalSecondaryIndexes"][0]["ItemCount"], 251);
}

/// A few numbers that look like chance, the same for a seed.
struct Chance(u32);

impl Chance {
    fn below(&mut self, bound: u32) -> u32 {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (self.0 >> 8) % bound
    }
}

/// Puts, moves, bares and deletes some items.
fn disturb(db: &Db, chance: &mut Chance, most: u32) {
    for _ in 0..chance.below(most) {
        let pk = s(chance.below(900).to_string());
        match chance.below(4) {
            0 => {
                db.ok("DeleteItem", &json!({"TableName": "Tab", "Key": {"pk": pk}}));
            }
            1 => db.put(&json!({"pk": pk, "v": n(chance.below(9))})),
            _ => db.put(&json!({"pk": pk, "g": s(format!("g{}", chance.below(40))), "v": n(chance.below(9))})),
        }
    }
}

#[test]
fn an_index_that_is_filled_holds_what_its_table_does_whatever_happens_between_the_steps() {
    // rule 91
    use dynatab::storage::Storage;
    use dynatab::storage_backend::ManualClock;
    use dynatab::storage_backend::framed::Durability;
    // The large items make several runs of 8 MB.
    for (seed, items, large) in (0..6).map(|seed| (seed, 600, 0)).chain([(6, 400, 50_000)]) {
        let scratch = crate::scratch::Scratch::new();
        let open = || {
            let clock = std::rc::Rc::new(ManualClock::new(START));
            let storage = Storage::open(&scratch.file(), clock.clone(), Durability::Relaxed).unwrap();
            Db::over(storage, clock, 0)
        };
        let mut chance = Chance(seed);
        let mut db = open();
        db.create(&Table::new(&["pk:S"]));
        for at in 0..items {
            let g = s(format!("g{}", at % 40));
            db.put(&json!({"pk": s(at.to_string()), "g": g, "v": n(at), "large": s("x".repeat(large))}));
        }
        update(&db, &create_index("late", "g", &all()));
        let filled = (0..500).find(|_| {
            disturb(&db, &mut chance, 30);
            if chance.below(6) == 0 {
                // Whatever a run held in memory is gone.
                drop(std::mem::replace(&mut db, Db::new()));
                db = open();
            }
            if large == 0 && chance.below(12) == 0 {
                // One index gives way to another of its name.
                described(&db);
                update(&db, &delete_index("late"));
                described(&db);
                update(&db, &create_index("late", "g", &all()));
                described(&db);
            }
            step(&db) > 0
        });
        assert!(filled.is_some(), "seed {seed}: it is never filled");
        disturb(&db, &mut chance, 30);
        let mut expected = read_all(&db, &json!({"TableName": "Tab"}));
        expected.retain(|item| item.get("g").is_some());
        assert_eq!(read_index(&db, "late"), expected, "seed {seed}");
        let index = &described(&db)["GlobalSecondaryIndexes"][0];
        assert_eq!(index["ItemCount"], expected.len(), "seed {seed}");
    }
}

#[test]
fn a_deleted_index_is_gone_with_the_definitions_only_it_used() {
    // rules 90, 91
    let db = Db::with_lifecycle(1000);
    db.create(
        &Table::new(&["pk:S"])
            .gsi("one", &["g:S"], &["pk:S"], &all())
            .gsi("two", &["h:S"], &[], &all()),
    );
    db.clock.advance(1000);
    db.put(&json!({"pk": s("a"), "g": s("g"), "h": s("h")}));
    let updating = update(&db, &delete_index("one"));
    assert_eq!(updating["GlobalSecondaryIndexes"][0]["IndexStatus"], "DELETING");
    db.put(&json!({"pk": s("b"), "g": n(1), "h": s("h")}));
    let unknown = "The table does not have the specified index: one";
    assert_eq!(db.invalid("Scan", &json!({"TableName": "Tab", "IndexName": "one"})), unknown);
    db.clock.advance(1000);
    let description = described(&db);
    assert_eq!(description["GlobalSecondaryIndexes"].as_array().unwrap().len(), 1);
    assert_eq!(
        description["AttributeDefinitions"],
        json!([definition("pk", "S"), definition("h", "S")])
    );
    assert_eq!(read_index(&db, "two").len(), 2);
    // The name is free again.
    update(&db, &create_index("one", "g", &all()));
    db.clock.advance(1000);
    described(&db);
    work(&db);
    assert_eq!(read_index(&db, "one").len(), 1);
}

#[test]
fn a_filling_index_can_be_deleted_but_not_an_allocating_one() {
    // rules 91, A2
    let db = Db::with_lifecycle(1000);
    db.create(&Table::new(&["pk:S"]));
    db.clock.advance(1000);
    db.put(&json!({"pk": s("a"), "g": s("g")}));
    update(&db, &create_index("late", "g", &all()));
    db.clock.advance(1000);
    let second = create_index("more", "h", &all());
    let limit = (
        "LimitExceededException".to_owned(),
        "Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table".to_owned(),
    );
    assert_eq!(db.fails("UpdateTable", &with_name(&second)), limit);
    update(&db, &delete_index("late"));
    db.clock.advance(1000);
    assert_eq!(described(&db).get("GlobalSecondaryIndexes"), None);
    assert!(step(&db) > 0);
}

#[test]
fn a_new_index_is_filled_with_nobody_asking() {
    // rule 91
    for (lifecycle, waits) in [(0, 0), (500, 500)] {
        let db = Db::with_lifecycle(lifecycle);
        db.create(&Table::new(&["pk:S"]));
        db.clock.advance(lifecycle);
        db.put(&json!({"pk": s("a"), "g": s("g")}));
        update(&db, &create_index("late", "g", &all()));
        assert_eq!(step(&db), waits, "when there is more to do");
        db.clock.advance(waits);
        work(&db);
        assert_eq!(read_index(&db, "late").len(), 1);
    }
}

#[test]
fn a_transaction_older_than_an_index_that_would_refuse_it_is_repeated() {
    // rules 66, 78
    let db = Db::holding(&Table::new(&["pk:S"]));
    let put = |pk: &str, g: Value| json!({"Put": {"TableName": "Tab", "Item": {"pk": s(pk), "g": g, "large": s("x".repeat(5000))}}});
    let request = json!({
        "TransactItems": [put("a", n(1)), put("b", s("g"))], "ClientRequestToken": "token", "ReturnConsumedCapacity": "TOTAL"
    });
    db.ok("TransactWriteItems", &request);
    update(&db, &create_index("late", "g", &all()));
    work(&db);
    // Two begun steps of 4 kB for each item, and twice that in a transaction.
    assert_eq!(
        db.ok("TransactWriteItems", &request),
        json!({"ConsumedCapacity": [{"TableName": "Tab", "CapacityUnits": 8.0, "ReadCapacityUnits": 8.0}]})
    );
}
