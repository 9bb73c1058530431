//! All the SQL of text messages.

use maincourante_kernel::{Failure, Timestamp, Tx, execute, fetch_all, fetch_one, fetch_optional};
use uuid::Uuid;

use crate::TrainingSms;

pub(crate) struct NewMessage {
    pub id: Uuid,
    pub template: &'static str,
    pub about: Option<Uuid>,
    pub recipient: Vec<u8>,
    pub body: Vec<u8>,
    pub queued_at: Timestamp,
}

#[derive(sqlx::FromRow)]
pub(crate) struct Waiting {
    pub template: String,
    pub about: Option<Uuid>,
    pub recipient: Vec<u8>,
    pub body: Vec<u8>,
}

pub(crate) async fn insert(tx: &mut Tx, message: &NewMessage) -> Result<(), Failure> {
    execute!(
        tx,
        "insert into sms_message (id, template, about, recipient, body, queued_at) values ($1, $2, $3, $4, $5, $6)",
        message.id,
        message.template,
        message.about,
        &message.recipient,
        &message.body,
        message.queued_at
    )?;
    Ok(())
}

pub(crate) async fn find_waiting(tx: &mut Tx, id: Uuid) -> Result<Option<Waiting>, Failure> {
    fetch_optional!(
        tx,
        Waiting,
        "select template, about, recipient, body from sms_message where id = $1 and sent_at is null and body is not null",
        id
    )
}

pub(crate) async fn mark_sent(tx: &mut Tx, id: Uuid, gateway: &str, now: Timestamp) -> Result<bool, Failure> {
    Ok(execute!(tx, "update sms_message set sent_at = $2, gateway = $3, body = null where id = $1 and sent_at is null", id, now, gateway)?
        == 1)
}

pub(crate) async fn oldest_waiting(tx: &mut Tx) -> Result<Option<Timestamp>, Failure> {
    let (oldest,) = fetch_one!(tx, (Option<Timestamp>,), "select min(queued_at) from sms_message where sent_at is null")?;
    Ok(oldest)
}

/// The same message handed over twice is one message on the phone.
pub(crate) async fn insert_training(tx: &mut Tx, id: Uuid, recipient: &str, body: &str, now: Timestamp) -> Result<(), Failure> {
    execute!(
        tx,
        "insert into training_sms (id, recipient, body, received_at) values ($1, $2, $3, $4) on conflict (id) do nothing",
        id,
        recipient,
        body,
        now
    )?;
    Ok(())
}

pub(crate) async fn training_phone(tx: &mut Tx) -> Result<Vec<TrainingSms>, Failure> {
    fetch_all!(tx, TrainingSms, "select recipient, body, received_at from training_sms order by received_at desc, id desc limit 40")
}
