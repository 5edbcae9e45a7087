//! Pages of the program itself, which no theme replaces: a preview's band and panel. Escaped like a theme's.

use serde::Serialize;
use tera::{Context, Tera};

/// Templates in the program.
pub struct Pages(Tera);

impl Pages {
    /// Of (name, text). Panics if Tera cannot read one of them: they are part of the program.
    pub fn new(templates: &[(&'static str, &'static str)]) -> Self {
        let mut tera = Tera::new();
        tera.add_raw_templates(templates.iter().copied()).expect("the program's own templates can be read");
        Self(tera)
    }

    /// The template with the value as `it`. Panics if the template asks for what is not there.
    pub fn render<T: Serialize>(&self, template: &str, it: &T) -> String {
        let mut context = Context::new();
        context.insert_value("it", super::value(it));
        self.0.render(template, &context).expect("the program's own templates fit its values")
    }
}
