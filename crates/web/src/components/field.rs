use maud::{Markup, Render, html};

use crate::forms::FormErrors;

/// A labelled input with its validation errors. Its id is its name, so that the error summary can link to
/// it.
pub(crate) struct Field<'a> {
    name: &'a str,
    label: &'a str,
    value: &'a str,
    kind: &'a str,
    autocomplete: Option<&'a str>,
    input_mode: Option<&'a str>,
    hint: Option<&'a str>,
    placeholder: Option<&'a str>,
    max_length: Option<usize>,
    list: Option<&'a str>,
    form: Option<&'a str>,
    required: bool,
    errors: Vec<&'a str>,
}

impl<'a> Field<'a> {
    /// A line of text.
    pub(crate) fn text(name: &'a str, label: &'a str, value: &'a str, errors: &'a FormErrors) -> Self {
        let errors = errors.for_field(name).collect();
        Self {
            name,
            label,
            value,
            kind: "text",
            autocomplete: None,
            input_mode: None,
            hint: None,
            placeholder: None,
            max_length: None,
            list: None,
            form: None,
            required: false,
            errors,
        }
    }

    /// Another input type: `email`, `password`, `date` ...
    #[must_use]
    pub(crate) fn kind(self, kind: &'a str) -> Self {
        Self { kind, ..self }
    }

    /// The `autocomplete` value for browsers and password managers.
    #[must_use]
    pub(crate) fn autocomplete(self, autocomplete: &'a str) -> Self {
        Self { autocomplete: Some(autocomplete), ..self }
    }

    /// The kind of on-screen keyboard.
    #[must_use]
    pub(crate) fn input_mode(self, input_mode: &'a str) -> Self {
        Self { input_mode: Some(input_mode), ..self }
    }

    /// A hint below the label.
    #[must_use]
    pub(crate) fn hint(self, hint: &'a str) -> Self {
        Self { hint: Some(hint), ..self }
    }

    /// What is shown of it, instead of the label, while it is empty. Screen readers read the label.
    #[must_use]
    pub(crate) fn placeholder(self, placeholder: &'a str) -> Self {
        Self { placeholder: Some(placeholder), ..self }
    }

    /// The maximum length the API accepts.
    #[must_use]
    pub(crate) fn max_length(self, characters: usize) -> Self {
        Self { max_length: Some(characters), ..self }
    }

    /// The id of the `datalist` with what may be typed.
    #[must_use]
    pub(crate) fn list(self, list: &'a str) -> Self {
        Self { list: Some(list), ..self }
    }

    /// The id of the form that it belongs to, where it stands outside of it.
    #[must_use]
    pub(crate) fn of_form(self, form: &'a str) -> Self {
        Self { form: Some(form), ..self }
    }

    /// Marks it as required.
    #[must_use]
    pub(crate) fn required(self) -> Self {
        Self { required: true, ..self }
    }

    /// What people write in their own words may be in any script.
    fn direction(&self) -> Option<&'static str> {
        matches!(self.kind, "text" | "search").then_some("auto")
    }

    fn described_by(&self) -> Option<String> {
        let hint = self.hint.map(|_| format!("{}-hint", self.name));
        let error = (!self.errors.is_empty()).then(|| format!("{}-error", self.name));
        let ids: Vec<_> = hint.into_iter().chain(error).collect();
        (!ids.is_empty()).then(|| ids.join(" "))
    }
}

impl Render for Field<'_> {
    fn render(&self) -> Markup {
        html! {
            div.field {
                label for=(self.name) class=[self.placeholder.map(|_| "visually-hidden")] { (self.label) }
                @if let Some(hint) = self.hint { p.hint id={ (self.name) "-hint" } { (hint) } }
                @if !self.errors.is_empty() {
                    p.field-error id={ (self.name) "-error" } { (self.errors.join(". ")) }
                }
                input id=(self.name) name=(self.name) type=(self.kind) value=(self.value)
                    autocomplete=[self.autocomplete] inputmode=[self.input_mode] maxlength=[self.max_length] list=[self.list] form=[self.form]
                    required[self.required] placeholder=[self.placeholder] dir=[self.direction()]
                    aria-invalid=[(!self.errors.is_empty()).then_some("true")]
                    aria-describedby=[self.described_by()];
            }
        }
    }
}
