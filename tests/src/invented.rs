//! Random schemas and operations: from a seed, small and twisted.
//!
//! Names come from a small pool, so that response keys meet; documents that the validator refuses
//! are dropped by the caller.

use crate::random::Dice;
use std::fmt::Write;

/// A schema as the operations need it.
#[derive(Debug, Default)]
struct Model {
    /// Objects, then interfaces, then unions.
    types: Vec<Composite>,
}

#[derive(Debug, Clone)]
struct Composite {
    name: String,
    kind: Kind,
    fields: Vec<Field>,
    /// The indexes of an object's interfaces or of a union's members.
    related: Vec<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Kind {
    Object,
    Interface,
    Union,
}

#[derive(Debug, Clone)]
struct Field {
    name: String,
    /// Index of a composite type, or nothing for a leaf.
    of: Option<usize>,
    ty: String,
}

const KEYS: [&str; 6] = ["a", "b", "c", "d", "id", "name"];
const LEAFS: [&str; 6] = ["Int", "String", "ID", "Boolean", "Float", "Color"];

/// SDL and documents.
pub fn invent(seed: u64, types: usize, documents: usize) -> (String, Vec<String>) {
    let mut dice = Dice(seed);
    let model = model(&mut dice, types);
    let documents = (0..documents).map(|_| document(&mut dice, &model)).collect();
    (sdl(&model), documents)
}

fn model(dice: &mut Dice, types: usize) -> Model {
    let (objects, interfaces, unions) = (types / 2 + 1, types / 3 + 1, types / 6 + 1);
    let mut model = Model::default();
    let total = objects + interfaces + unions;
    for at in 0..total {
        let (kind, letter) = match at {
            _ if at < objects => (Kind::Object, 'O'),
            _ if at < objects + interfaces => (Kind::Interface, 'I'),
            _ => (Kind::Union, 'U'),
        };
        model.types.push(Composite { name: format!("{letter}{at}"), kind, fields: Vec::new(), related: Vec::new() });
    }
    for at in objects..objects + interfaces {
        model.types[at].fields = (0..1 + dice.below(3)).map(|number| field(dice, number, total)).collect();
    }
    for at in 0..objects {
        let mut fields: Vec<Field> = Vec::new();
        for interface in objects..objects + interfaces {
            let theirs = model.types[interface].fields.clone();
            let fits = theirs.iter().all(|field| fields.iter().all(|own| own.name != field.name || own.ty == field.ty));
            if dice.one_in(2) && fits {
                model.types[at].related.push(interface);
                fields.extend(
                    theirs.into_iter().filter(|field| !model.types[at].fields.iter().any(|own| own.name == field.name)),
                );
                fields.dedup_by(|left, right| left.name == right.name);
            }
        }
        let mut seen: Vec<Field> = Vec::new();
        for field in fields {
            if !seen.iter().any(|own| own.name == field.name) {
                seen.push(field);
            }
        }
        for number in 0..4 {
            let own = field(dice, number, total);
            if !seen.iter().any(|known| known.name == own.name) {
                seen.push(own);
            }
        }
        model.types[at].fields = seen;
    }
    for at in objects + interfaces..total {
        let members: Vec<usize> = (0..objects).filter(|_| dice.one_in(2)).collect();
        model.types[at].related = if members.is_empty() { vec![0] } else { members };
    }
    model
}

fn field(dice: &mut Dice, number: usize, types: usize) -> Field {
    let name = if dice.one_in(3) { KEYS[dice.below(KEYS.len())].to_owned() } else { format!("f{number}") };
    let of = (!dice.one_in(2)).then(|| dice.below(types));
    let named = match of {
        Some(at) => format!("\u{1}{at}\u{1}"),
        None => LEAFS[dice.below(LEAFS.len())].to_owned(),
    };
    let mut ty = if dice.one_in(2) { format!("{named}!") } else { named };
    for _ in 0..dice.below(3) / 2 + dice.below(5) / 4 {
        ty = if dice.one_in(2) { format!("[{ty}]!") } else { format!("[{ty}]") };
    }
    Field { name, of, ty }
}

fn sdl(model: &Model) -> String {
    let mut text = String::from("enum Color { RED red Green }\n");
    let name = |ty: &str| {
        let pieces: Vec<&str> = ty.split('\u{1}').collect();
        match pieces.as_slice() {
            [before, at, after] => {
                let at: usize = at.parse().unwrap_or_default();
                format!("{before}{}{after}", model.types[at].name)
            }
            _ => ty.to_owned(),
        }
    };
    let root: Vec<String> = model
        .types
        .iter()
        .map(|ty| format!("{}: {} {}s: [{}!]", ty.name.to_lowercase(), ty.name, ty.name.to_lowercase(), ty.name))
        .collect();
    let _ = writeln!(text, "type Query {{ {} }}", root.join(" "));
    for ty in &model.types {
        let fields: Vec<String> =
            ty.fields.iter().map(|field| format!("{}: {}", field.name, name(&field.ty))).collect();
        let related: Vec<&str> = ty.related.iter().map(|at| model.types[*at].name.as_str()).collect();
        let _ = match ty.kind {
            Kind::Object if related.is_empty() => writeln!(text, "type {} {{ {} }}", ty.name, fields.join(" ")),
            Kind::Object => {
                writeln!(text, "type {} implements {} {{ {} }}", ty.name, related.join(" & "), fields.join(" "))
            }
            Kind::Interface => writeln!(text, "interface {} {{ {} }}", ty.name, fields.join(" ")),
            Kind::Union => writeln!(text, "union {} = {}", ty.name, related.join(" | ")),
        };
    }
    text
}

fn document(dice: &mut Dice, model: &Model) -> String {
    let fragments: Vec<usize> = (0..dice.below(7)).map(|_| dice.below(model.types.len())).collect();
    let mut writer = Writer { dice, model, fragments: &fragments, text: String::new() };
    let count = 1 + writer.dice.below(3);
    let mut roots = String::new();
    for _ in 0..count {
        let at = writer.dice.below(model.types.len());
        let plural = if writer.dice.one_in(2) { "s" } else { "" };
        let _ = write!(roots, "{}{plural}", model.types[at].name.to_lowercase());
        writer.condition();
        roots.push_str(&std::mem::take(&mut writer.text));
        writer.selection_set(at, 3, fragments.len());
        roots.push_str(&std::mem::take(&mut writer.text));
        roots.push(' ');
    }
    let mut text =
        format!("query Q($x: Boolean!, $y: Boolean!) {{ {roots} used: __typename @include(if: $x) @skip(if: $y) ");
    // Every fragment must be used: the root spreads those that only the root can always reach.
    for (at, on) in fragments.iter().enumerate() {
        let name = model.types[*on].name.to_lowercase();
        let _ = write!(text, "r{at}: {name} {{ ...F{at} }} ");
    }
    text.push_str("}\n");
    for (at, on) in fragments.iter().enumerate() {
        // A fragment spreads only those before it, so there are no cycles.
        writer.selection_set(*on, 2, at);
        let body = std::mem::take(&mut writer.text);
        let _ = writeln!(text, "fragment F{at} on {} {body}", model.types[*on].name);
    }
    text
}

struct Writer<'a> {
    dice: &'a mut Dice,
    model: &'a Model,
    fragments: &'a [usize],
    text: String,
}

impl Writer<'_> {
    fn selection_set(&mut self, on: usize, depth: usize, fragments: usize) {
        self.text.push_str(" { ");
        for _ in 0..1 + self.dice.below(4) {
            self.selection(on, depth, fragments);
        }
        if self.text.ends_with("{ ") {
            self.text.push_str("__typename ");
        }
        self.text.push_str("} ");
    }

    fn selection(&mut self, on: usize, depth: usize, fragments: usize) {
        match self.dice.below(8) {
            0 => {
                let alias = if self.dice.one_in(3) { "kind: " } else { "" };
                let _ = write!(self.text, "{alias}__typename");
                self.condition();
            }
            1 | 2 if fragments > 0 => {
                let at = self.dice.below(fragments);
                if self.overlap(on, self.fragments[at]) {
                    let _ = write!(self.text, "...F{at}");
                    self.condition();
                } else {
                    self.text.push_str("__typename ");
                }
            }
            3 | 4 if depth > 0 => {
                let condition = self.dice.below(self.model.types.len());
                if self.dice.one_in(6) {
                    self.text.push_str("...");
                    self.condition();
                    self.selection_set(on, depth - 1, fragments);
                } else if self.overlap(on, condition) {
                    let _ = write!(self.text, "... on {}", self.model.types[condition].name);
                    self.condition();
                    self.selection_set(condition, depth - 1, fragments);
                }
            }
            _ => self.field(on, depth, fragments),
        }
        self.text.push(' ');
    }

    fn field(&mut self, on: usize, depth: usize, fragments: usize) {
        let fields = self.model.types[on].fields.clone();
        let Some(field) = self.dice.pick(&fields).cloned() else {
            self.text.push_str("__typename ");
            return;
        };
        if field.of.is_some() && depth == 0 {
            self.text.push_str("__typename ");
            return;
        }
        if self.dice.one_in(4) {
            let _ = write!(self.text, "{}: ", KEYS[self.dice.below(KEYS.len())]);
        }
        self.text.push_str(&field.name);
        self.condition();
        if let Some(of) = field.of {
            self.selection_set(of, depth - 1, fragments);
        }
    }

    fn condition(&mut self) {
        if self.dice.one_in(4) {
            let directive =
                ["@include(if: $x)", "@skip(if: $x)", "@include(if: $y)", "@skip(if: true)", "@include(if: true)"];
            let _ = write!(self.text, " {} ", directive[self.dice.below(directive.len())]);
        }
        self.text.push(' ');
    }

    fn overlap(&self, left: usize, right: usize) -> bool {
        let right = self.possible(right);
        self.possible(left).iter().any(|ty| right.contains(ty))
    }

    fn possible(&self, at: usize) -> Vec<usize> {
        let ty = &self.model.types[at];
        match ty.kind {
            Kind::Object => vec![at],
            Kind::Union => ty.related.clone(),
            Kind::Interface => {
                let objects = self.model.types.iter().enumerate();
                objects
                    .filter(|(_, object)| object.kind == Kind::Object && object.related.contains(&at))
                    .map(|(at, _)| at)
                    .collect()
            }
        }
    }
}
