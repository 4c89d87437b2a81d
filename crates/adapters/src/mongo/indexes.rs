use futures::TryStreamExt;
use mongodb::IndexModel;
use mongodb::bson::{Document, RawDocumentBuf, doc};
use mongodb::error::{Error, ErrorKind};
use mongodb::options::IndexOptions;
use ports::store::{Collection, Index, StoreError};

use super::error::store_error;
use super::outbox;

/// MongoDB's code for a namespace that does not exist.
const NAMESPACE_NOT_FOUND: i32 = 26;

/// Makes the indexes match the collection's declaration. Others are left alone: an operator may
/// have made them, or a newer version of the service that runs at the same time.
pub(super) async fn prepare(
    documents: mongodb::Collection<RawDocumentBuf>,
    collection: &Collection,
) -> Result<(), StoreError> {
    let mut wanted: Vec<IndexModel> = collection.indexes.iter().map(model).collect();
    wanted.push(outbox::index());
    let present = present(&documents).await.map_err(|error| store_error(&error))?;
    let mut missing = Vec::new();
    for index in wanted {
        let Some(old) = present.iter().find(|old| name(old) == name(&index)) else {
            missing.push(index);
            continue;
        };
        if !same(old, &index) {
            documents.drop_index(name(&index).unwrap_or_default()).await.map_err(|error| store_error(&error))?;
            missing.push(index);
        }
    }
    if missing.is_empty() {
        return Ok(());
    }
    documents.create_indexes(missing).await.map(drop).map_err(|error| store_error(&error))
}

async fn present(documents: &mongodb::Collection<RawDocumentBuf>) -> Result<Vec<IndexModel>, Error> {
    match documents.list_indexes().await {
        Ok(cursor) => cursor.try_collect().await,
        Err(error) if is_missing(&error) => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

fn is_missing(error: &Error) -> bool {
    matches!(&*error.kind, ErrorKind::Command(failure) if failure.code == NAMESPACE_NOT_FOUND)
}

/// The id, which orders records that are otherwise equal, is the last key of every index that may
/// hold such records: so a sorted page can be read directly from the index. An index of a list holds each of
/// its texts, as MongoDB sees by itself.
fn model(index: &Index) -> IndexModel {
    let fields = index.list().map_or(index.fields.to_vec(), |list| vec![list]);
    let mut keys: Document = fields.into_iter().map(|field| (field.to_owned(), 1.into())).collect();
    if !index.unique {
        keys.insert("_id", 1);
    }
    let only = index.only.as_ref().map(|only| doc! {only.field: {"$in": only.values}});
    let options = IndexOptions::builder()
        .name(index.name.to_owned())
        .unique(index.unique.then_some(true))
        .partial_filter_expression(only)
        .build();
    IndexModel::builder().keys(keys).options(options).build()
}

fn name(index: &IndexModel) -> Option<&str> {
    index.options.as_ref()?.name.as_deref()
}

/// Whether the present index is equivalent to the wanted one.
fn same(present: &IndexModel, wanted: &IndexModel) -> bool {
    let unique = |index: &IndexModel| index.options.as_ref().and_then(|options| options.unique).unwrap_or(false);
    let partial =
        |index: &IndexModel| index.options.as_ref().and_then(|options| options.partial_filter_expression.clone());
    fields(present) == fields(wanted) && unique(present) == unique(wanted) && partial(present) == partial(wanted)
}

fn fields(index: &IndexModel) -> Vec<&String> {
    index.keys.keys().collect()
}
