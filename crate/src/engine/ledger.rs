//! The ledger: what requests that changed something were answered, for as long as their clients may ask again (`docs/tabs.md`).
//!
//! A client whose leader is gone sends again what was not answered. What the ledger knows of is answered from it and not done twice. It is
//! written in the transaction of the requests it speaks of, so it can neither lie nor lag behind.
//!
//! A batch is preceded by its senders:
//!
//! | senders | |
//! | --- | --- |
//! | followed | u8: 1 if clients beside the leader's own may ask this database |
//! | per sender: client | u16 length + UTF-8 |
//! | confirmed | u32: it has the replies to all its requests up to this number |
//! | kind | u8: 1 if these requests may have been applied already; 2 if their numbers follow, and are not the ids in the batch |
//! | requests | u32: how many of the batch are its own; they stand in the senders' order |
//! | numbers | a u32 for each, if they follow |
//!
//! A client's replies are packed as `u32 number, u16 status, u32 length, body` each, in the order in which they were given; in a receipt the
//! client stands before them, as in the senders. Little-endian.

use crate::storage_backend::frame::Cursor;
use crate::storage_backend::{BackendError, LedgerRow, StorageBackend, StoredLedger};

const AGAIN: u8 = 1;
const NUMBERED: u8 = 2;

/// Number, status, length.
const REPLY_HEAD: usize = 10;

/// Whose request it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Origin {
    account: usize,
    number: u32,
    /// Whether it may have been applied already.
    pub(super) again: bool,
}

/// One client's replies.
#[derive(Debug, Default)]
struct Account {
    client: String,
    packed: Vec<u8>,
    /// How much of it is durable; the rest is of the open group.
    durable: usize,
    /// Whether its row does not hold what is durable.
    unsaved: bool,
}

/// Whether a number is at or before another, as numbers that begin again after the last one.
fn at_or_before(number: u32, other: u32) -> bool {
    other.wrapping_sub(number) < 1 << 31
}

/// One packed reply: number, status, body, and where the next one begins.
fn read_reply(packed: &[u8], at: usize) -> Option<(u32, u16, &[u8], usize)> {
    let mut cursor = Cursor::new(packed, at);
    let (number, status) = (cursor.u32().ok()?, cursor.u16().ok()?);
    let length = cursor.u32().ok()?;
    let body = cursor.take(length as usize).ok()?;
    Some((number, status, body, cursor.at()))
}

impl Account {
    /// Forgets the replies the client has. One that stands behind an unconfirmed one goes with it.
    fn confirm(&mut self, confirmed: u32) {
        let mut at = 0;
        while let Some((number, _, _, next)) = read_reply(&self.packed, at) {
            if !at_or_before(number, confirmed) || next > self.durable {
                break;
            }
            at = next;
        }
        if at > 0 {
            self.packed.drain(..at);
            self.durable -= at;
            self.unsaved = true;
        }
    }

    fn find(&self, wanted: u32) -> Option<(u16, &[u8])> {
        let mut at = 0;
        while let Some((number, status, body, next)) = read_reply(&self.packed, at) {
            if number == wanted {
                return Some((status, body));
            }
            at = next;
        }
        None
    }
}

/// All clients' replies, and what of them is in the file.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    accounts: Vec<Account>,
    loaded: bool,
    /// Whether the open group has noted a reply.
    noted: bool,
    followed: bool,
}

#[waits]
impl Ledger {
    /// Whether what the file holds must be read before a batch with senders.
    pub(super) fn is_loaded(&self) -> bool {
        self.loaded
    }

    /// Takes what the file holds.
    pub(super) fn load(&mut self, stored: &StoredLedger) {
        self.loaded = true;
        for (client, replies) in &stored.rows {
            self.restore(client, replies, false);
        }
        let mut receipt = Cursor::new(&stored.receipt, 0);
        if let Ok(client) = client(&mut receipt) {
            // The receipt may be older than the client's row: whoever has a row had followers since, and receipts ended with the first.
            let replies = stored.receipt.get(receipt.at()..).unwrap_or_default();
            self.restore(client, replies, true);
        }
    }

    fn restore(&mut self, client: &str, replies: &[u8], unsaved: bool) {
        let index = self.account(client);
        let account = &mut self.accounts[index];
        account.packed.extend_from_slice(replies);
        account.durable = account.packed.len();
        account.unsaved |= unsaved;
    }

    fn account(&mut self, client: &str) -> usize {
        let known = self.accounts.iter().position(|account| account.client == client);
        known.unwrap_or_else(|| {
            self.accounts.push(Account {
                client: client.to_owned(),
                ..Account::default()
            });
            self.accounts.len() - 1
        })
    }

    /// What a request was answered when it was applied.
    pub(super) fn find(&self, origin: Origin) -> Option<(u16, &[u8])> {
        self.accounts[origin.account].find(origin.number)
    }

    /// Notes the reply of a request that has changed something in the open group.
    pub(super) fn note(&mut self, origin: Origin, status: u16, body: &[u8]) {
        let account = &mut self.accounts[origin.account];
        account.packed.reserve(REPLY_HEAD + body.len());
        account.packed.extend_from_slice(&origin.number.to_le_bytes());
        account.packed.extend_from_slice(&status.to_le_bytes());
        account.packed.extend_from_slice(&(body.len() as u32).to_le_bytes());
        account.packed.extend_from_slice(body);
        account.unsaved = true;
        self.noted = true;
    }

    /// Gives what the open group has noted to the storage, which writes it with the group.
    pub(super) async fn save<B: StorageBackend>(&self, backend: &B) -> Result<(), BackendError> {
        if !self.noted {
            return Ok(());
        }
        let unsaved = self.accounts.iter().filter(|account| account.unsaved);
        if !self.followed {
            let mut own = unsaved.filter(|account| account.packed.len() > account.durable);
            if let Some(account) = own.next() {
                let mut receipt = (account.client.len() as u16).to_le_bytes().to_vec();
                receipt.extend_from_slice(account.client.as_bytes());
                receipt.extend_from_slice(&account.packed);
                backend.put_receipt(&receipt);
            }
            return Ok(());
        }
        let rows = unsaved.map(|account| LedgerRow {
            client: &account.client,
            replies: &account.packed,
        });
        backend
            .put_ledger_rows(&rows.collect::<Vec<_>>(), backend.clock().now_millis())
            .await
    }

    /// The group is durable.
    pub(super) fn keep(&mut self) {
        if std::mem::take(&mut self.noted) {
            for account in &mut self.accounts {
                account.durable = account.packed.len();
                account.unsaved &= !self.followed;
            }
        }
    }

    /// The group has not happened.
    pub(super) fn undo(&mut self) {
        if std::mem::take(&mut self.noted) {
            for account in &mut self.accounts {
                account.packed.truncate(account.durable);
            }
        }
    }
}

fn client<'a>(cursor: &mut Cursor<'a>) -> Result<&'a str, BackendError> {
    let length = cursor.u16()?;
    std::str::from_utf8(cursor.take(length.into())?).map_err(|_| BackendError::Corrupt("a client's id is not text".into()))
}

/// Reads the senders of a batch while its requests are read.
#[derive(Debug)]
pub(super) struct Senders<'a> {
    cursor: Cursor<'a>,
    ended: bool,
    account: usize,
    kind: u8,
    left: u32,
}

impl<'a> Senders<'a> {
    /// Opens them; none if there are no bytes. The ledger learns whether the database is followed.
    pub(super) fn open(senders: &'a [u8], ledger: &mut Ledger) -> Self {
        let mut cursor = Cursor::new(senders, 0);
        let followed = cursor.u8();
        if let Ok(followed) = followed {
            ledger.followed = followed != 0;
        }
        Self {
            cursor,
            ended: followed.is_err(),
            account: 0,
            kind: 0,
            left: 0,
        }
    }

    /// Whether there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.ended
    }

    /// Whose the next request is, by its id; `None` if nobody is named for it.
    pub(super) fn origin(&mut self, id: u32, ledger: &mut Ledger) -> Option<Origin> {
        while self.left == 0 && !self.ended {
            self.ended = self.next_sender(ledger).is_err();
        }
        self.left = self.left.checked_sub(1)?;
        let number = if self.kind & NUMBERED == 0 { id } else { self.cursor.u32().ok()? };
        Some(Origin {
            account: self.account,
            number,
            again: self.kind & AGAIN != 0,
        })
    }

    fn next_sender(&mut self, ledger: &mut Ledger) -> Result<(), BackendError> {
        let client = client(&mut self.cursor)?;
        let confirmed = self.cursor.u32()?;
        self.kind = self.cursor.u8()?;
        self.left = self.cursor.u32()?;
        self.account = ledger.account(client);
        ledger.accounts[self.account].confirm(confirmed);
        Ok(())
    }
}
