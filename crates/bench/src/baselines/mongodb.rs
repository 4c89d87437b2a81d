use std::time::Duration;

use anyhow::Result;
use mongodb::bson::{Document, doc};
use mongodb::options::{Acknowledgment, ClientOptions, ReadConcern, WriteConcern};
use mongodb::{Client, Collection, Database};
use testkit::engines::Mongod;

use super::in_flight::in_flight;
use crate::load::Tally;
use crate::programs::scratch;
use crate::report::Figure;
use crate::system::Meter;

/// Concurrent commands.
const IN_FLIGHT: usize = 64;
/// Concurrent bulk inserts.
const BULKS: usize = 8;
/// Documents of a bulk insert.
const BULK: u64 = 100;

/// The collections that a transaction writes to.
const PAIR: [&str; 2] = ["first", "second"];

/// The driver's commands with majority write concern and journaling, on an empty server.
pub(super) async fn run(time: Duration) -> Result<Vec<Figure>> {
    let directory = scratch()?;
    let mongod = Mongod::launch_with_usual_memory(directory.path()).await;
    let client = connect(&mongod.uri()).await?;
    let (database, pid) = (client.database("raw"), mongod.pid());
    let mut figures = Vec::new();
    let mut measure = |key: &str, name: &str, tally: &Tally, meter: &Meter, each: u64| -> Result<()> {
        let rate = Figure::rate(key, name, tally);
        let rate = Figure { value: rate.value * each as f64, ..rate };
        figures.push(rate.costing(meter.shares(tally.count() * each)?));
        Ok(())
    };
    let meter = || Meter::start(&[("mongod", pid)]);

    let (single, began) = (database.collection("single"), meter()?);
    let inserted = in_flight(IN_FLIGHT, time, inserting(single.clone())).await?;
    measure("mongodb-insert-one", "MongoDB insert_one, majority + journal", &inserted, &began, 1)?;

    let (bulk, began) = (database.collection("bulk"), meter()?);
    let tally = in_flight(BULKS, time, inserting_many(bulk)).await?;
    measure("mongodb-insert-many", "MongoDB insert_many of 100, unordered", &tally, &began, BULK)?;

    let (count, began) = (inserted.count(), meter()?);
    let tally = in_flight(IN_FLIGHT, time, updating(single.clone(), count)).await?;
    measure("mongodb-update", "MongoDB compare-and-set update_one with $push", &tally, &began, 1)?;

    for name in PAIR {
        // Created in advance: concurrent transactions that create collections would conflict.
        database.create_collection(name).await?;
    }
    let began = meter()?;
    let tally = in_flight(IN_FLIGHT, time, in_transactions(client.clone(), database.clone())).await?;
    measure("mongodb-transaction", "MongoDB transaction of two documents", &tally, &began, 1)?;

    let began = meter()?;
    let tally = in_flight(IN_FLIGHT, time, finding(single, count)).await?;
    measure("mongodb-find-one", "MongoDB find_one by id", &tally, &began, 1)?;
    Ok(figures)
}

/// With the product's write concern.
async fn connect(uri: &str) -> Result<Client> {
    let mut options = ClientOptions::parse(uri).await?;
    options.max_pool_size = Some(128);
    options.write_concern = Some(WriteConcern::builder().w(Acknowledgment::Majority).journal(true).build());
    options.read_concern = Some(ReadConcern::majority());
    Ok(Client::with_options(options)?)
}

/// A document like that of an order.
fn document(id: String) -> Document {
    let event = doc! {"id": format!("{id}:0"), "type": "orders.created", "data": "x".repeat(300)};
    doc! {"_id": id, "version": 0, "status": "created", "userId": "u".repeat(24), "price": 1999, "outbox": [event]}
}

fn id(number: u64) -> String {
    format!("{number:024x}")
}

fn inserting(documents: Collection<Document>) -> impl Fn(u64) -> Work + Clone + Send + 'static {
    move |number| {
        let documents = documents.clone();
        Box::pin(async move { Ok(documents.insert_one(document(id(number))).await.map(drop)?) })
    }
}

fn inserting_many(documents: Collection<Document>) -> impl Fn(u64) -> Work + Clone + Send + 'static {
    move |number| {
        let documents = documents.clone();
        let all = (number * BULK..(number + 1) * BULK).map(|number| document(id(number)));
        let all: Vec<_> = all.collect();
        Box::pin(async move { Ok(documents.insert_many(all).ordered(false).await.map(drop)?) })
    }
}

/// Updates every document in turn, at its present version.
fn updating(documents: Collection<Document>, count: u64) -> impl Fn(u64) -> Work + Clone + Send + 'static {
    move |number| {
        let documents = documents.clone();
        Box::pin(async move {
            let (turn, number) = (i64::try_from(number / count)?, number % count);
            let filter = doc! {"_id": id(number), "version": turn};
            let event = doc! {"id": format!("{number}:{}", turn + 1), "data": "x".repeat(300)};
            let update = doc! {"$set": {"version": turn + 1, "status": "complete"}, "$push": {"outbox": event}};
            Ok(documents.update_one(filter, update).await.map(drop)?)
        })
    }
}

fn in_transactions(client: Client, database: Database) -> impl Fn(u64) -> Work + Clone + Send + 'static {
    move |number| {
        let (client, database) = (client.clone(), database.clone());
        Box::pin(async move {
            let mut session = client.start_session().await?;
            session.start_transaction().await?;
            for name in PAIR {
                let documents: Collection<Document> = database.collection(name);
                documents.insert_one(document(id(number))).session(&mut session).await?;
            }
            Ok(session.commit_transaction().await?)
        })
    }
}

fn finding(documents: Collection<Document>, count: u64) -> impl Fn(u64) -> Work + Clone + Send + 'static {
    move |number| {
        let documents = documents.clone();
        Box::pin(async move { Ok(documents.find_one(doc! {"_id": id(number % count)}).await.map(drop)?) })
    }
}

/// One operation.
type Work = std::pin::Pin<Box<dyn Future<Output = Result<()>> + Send>>;
