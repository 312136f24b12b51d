//! What an evaluation spends on what, noted while it runs if somebody asks.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::engine::kernel::pass::Recipe;
use crate::engine::kernel::program::Program;
use crate::engine::kernel::spent::Spent;
use crate::ir::{FeatureId, NodeId};

/// Features, how they are made, and what its parts take.
type Recipes = Vec<(Vec<FeatureId>, Arc<Recipe>, Arc<Spent>)>;

/// The programs and recipes of an evaluation, with the time that they take.
#[derive(Debug, Default)]
pub(crate) struct Meter {
    programs: Mutex<Vec<(Vec<NodeId>, Arc<Spent>)>>,
    recipes: Mutex<Recipes>,
}

impl Meter {
    /// Where a program notes what its steps take.
    pub fn program(&self, program: &Program) -> Arc<Spent> {
        let nodes: Vec<NodeId> = program.steps().collect();
        let spent = Arc::new(Spent::on(nodes.len()));
        self.programs.lock().unwrap_or_else(PoisonError::into_inner).push((nodes, Arc::clone(&spent)));
        spent
    }

    /// Where it is noted what the features of a recipe take.
    pub fn recipe(&self, features: &[FeatureId], recipe: &Arc<Recipe>) -> Arc<Spent> {
        let spent = Arc::new(recipe.ledger());
        let noted = (features.to_vec(), Arc::clone(recipe), Arc::clone(&spent));
        self.recipes.lock().unwrap_or_else(PoisonError::into_inner).push(noted);
        spent
    }

    /// What expressions have cost, those aside that they are made of.
    pub fn of_nodes(&self) -> HashMap<NodeId, Duration> {
        let mut costs: HashMap<NodeId, Duration> = HashMap::new();
        for (nodes, spent) in self.programs.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            for (at, node) in nodes.iter().enumerate() {
                *costs.entry(*node).or_default() += spent.of(at);
            }
        }
        costs
    }

    /// What features have cost to count.
    pub fn of_features(&self) -> HashMap<FeatureId, Duration> {
        let mut costs: HashMap<FeatureId, Duration> = HashMap::new();
        for (features, recipe, spent) in self.recipes.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            for (feature, cost) in features.iter().zip(recipe.costs(spent)) {
                *costs.entry(*feature).or_default() += cost;
            }
        }
        costs
    }
}
