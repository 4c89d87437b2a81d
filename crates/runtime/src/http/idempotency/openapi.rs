use common::errors::ErrorBody;
use utoipa::ToSchema;
use utoipa::openapi::path::{Operation, Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{ContentBuilder, OpenApi, Ref, RefOr, Required, Response, ResponseBuilder};

use super::key::LONGEST_KEY;
use super::{reads_keys, takes_keys};

/// Describes the key, and what comes of it, at every operation that takes one; and that what is none is refused at those
/// that ignore it.
pub fn describe_idempotency(api: &mut OpenApi) {
    for (path, item) in api.paths.paths.iter_mut().filter(|(path, _)| reads_keys(path)) {
        let Some(post) = item.post.as_mut() else { continue };
        add(post, "400", "Not valid");
        if takes_keys(path) {
            post.parameters.get_or_insert_default().push(key().into());
            add(post, "409", "The same request is still being answered (`request_in_progress`)");
            add(post, "422", "The Idempotency-Key was used for another request (`idempotency_key_reused`)");
        }
    }
}

/// Another answer, unless it is described already.
fn add(operation: &mut Operation, status: &str, description: &str) {
    operation.responses.responses.entry(status.to_owned()).or_insert_with(|| error(description));
}

fn key() -> Parameter {
    let schema = ObjectBuilder::new()
        .schema_type(Type::String)
        .min_length(Some(1))
        .max_length(Some(LONGEST_KEY))
        .pattern(Some("^[!-~]+$"));
    ParameterBuilder::new()
        .name("Idempotency-Key")
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(
            "Made up by the client, one for each thing it wants done. A request that is repeated under its key \
             within 24 hours acts once: it is given the first answer again, with the header \
             `Idempotent-Replayed: true`. A key belongs to the user who is signed in, and is free again after an \
             answer of 5xx, 401, 403 or 429.",
        ))
        .schema(Some(schema))
        .build()
}

fn error(description: &str) -> RefOr<Response> {
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name(ErrorBody::name()))).build();
    ResponseBuilder::new().description(description).content("application/json", content).build().into()
}
