//! An earlier law with what a later one adds to it and what loosens nothing: new layers and who is in them.

use super::{Assign, Constitution, Layer, LayerId};

impl Constitution {
    /// This law as it judges what a later one, `later`, has added to. A new layer is there without leave to
    /// use an engine and without being spared; its assignments come after those of this law.
    #[must_use]
    pub(crate) fn with_additions(&self, later: &Self) -> Self {
        let mut law = self.clone();
        for layer in &later.layers {
            if law.layer_named(&layer.name).is_none() {
                law.layers.push(Layer {
                    may_depend_on: Vec::new(),
                    allows: Vec::new(),
                    carries: true,
                    ..layer.clone()
                });
            }
        }
        for layer in &later.layers {
            let id = law.layer_named(&layer.name).expect("it was added");
            if self.layer_named(&layer.name).is_none() {
                let below = layer.may_depend_on.iter();
                let below = below.filter_map(|id| law.layer_named(&later.layer(*id).name));
                law.layers[id.0].may_depend_on = below.collect();
            }
        }
        let assigns = later.assigns.iter().map(|assign| Assign {
            layer: law.same_layer(later, assign.layer),
            ..assign.clone()
        });
        let assigns: Vec<Assign> = assigns.collect();
        law.assigns.extend(assigns);
        for structure in &later.structures {
            if law.structure_named(structure.code()).is_none() {
                law.structures.push(structure.clone());
            }
        }
        law
    }

    /// The layer of this law with the name that `id` has in `other`, which has none that is missing here.
    fn same_layer(&self, other: &Self, id: LayerId) -> LayerId {
        let name = &other.layer(id).name;
        self.layer_named(name).expect("every layer was added")
    }
}
