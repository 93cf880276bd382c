//! How a value gives the part of it that a fragment selects again.
//!
//! The source was made from all the selections that the target was made from, and more. So
//! every field and every fragment of the target is in the source too, at the same group of
//! types; only the types of fields with selection sets can differ, and those are projected
//! in their turn.

use super::scope::ScopeBuilder;
use super::slots::{path, shape_of};
use super::{Field, Projection, Shape, ShapePath, ShapeRef};

impl ScopeBuilder<'_, '_> {
    /// Makes the projection from one shape to another, and those that it needs.
    pub fn project(&mut self, source: ShapePath, target: ShapePath) {
        let (source, target) = (self.lowerer.full_path(source), self.lowerer.full_path(target));
        if source == target || !self.projected.insert((source, target)) {
            return;
        }
        let (from, to) = (self.shape_at(source), self.shape_at(target));
        let groups: Vec<Option<usize>> = (0..from.groups()).map(|group| group_in(from, group, to)).collect();
        let mut below = Vec::new();
        if !self.holds_whole(from, target) {
            for (group, into) in groups.iter().enumerate() {
                for field in fields_of(to, into.unwrap_or(0)) {
                    // Few of the fields of either side have shapes.
                    let Some(narrow) = shape_of(&field.ty) else { continue };
                    let wide = fields_of(from, group).find(|wide| wide.key == field.key);
                    let wide = wide.and_then(|wide| shape_of(&wide.ty));
                    below.extend(wide.map(|wide| (inside(source, wide), inside(target, narrow))));
                }
            }
        }
        self.projections.push(Projection { source, target, groups });
        for (source, target) in below {
            self.project(source, target);
        }
    }

    /// True if the source holds the target, which is a whole fragment, as a field.
    fn holds_whole(&self, source: &Shape, target: ShapePath) -> bool {
        let ShapePath::Fragment(fragment, _) = target else { return false };
        let whole = self.lowerer.full_path(ShapePath::Fragment(fragment, usize::MAX));
        whole == target && source.all_spreads().iter().any(|spread| spread.fragment == fragment)
    }

    fn shape_at(&self, path: ShapePath) -> &Shape {
        match path {
            ShapePath::Here(shape) => &self.shapes[shape],
            ShapePath::Fragment(fragment, shape) => self.lowerer.fragment_shape(fragment, shape),
        }
    }
}

/// The reference, found in a shape, as a path.
fn inside(shape: ShapePath, reference: ShapeRef) -> ShapePath {
    match shape {
        ShapePath::Here(_) => path(reference, None),
        ShapePath::Fragment(fragment, _) => path(reference, Some(fragment)),
    }
}

/// Common fields and those of a group together.
fn fields_of(shape: &Shape, group: usize) -> impl Iterator<Item = &Field> {
    let of_arm = shape.arms.as_ref().and_then(|arms| arms.payload(group).own_members());
    shape.members.fields.iter().chain(of_arm.into_iter().flat_map(|members| &members.fields))
}

/// The group of the target that a group of the source belongs to.
fn group_in(source: &Shape, group: usize, target: &Shape) -> Option<usize> {
    let arms = target.arms.as_ref()?;
    let arm = source.arms.as_ref().and_then(|arms| arms.arms.get(group));
    let example = arm.and_then(|arm| arm.types.first()).or(source.rest.as_ref());
    let found = example.and_then(|ty| arms.arms.iter().position(|arm| arm.types.contains(ty)));
    Some(found.unwrap_or(arms.arms.len()))
}
