//! Scenes of the console.
