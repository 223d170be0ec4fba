import app from "./app.json";
import characters from "./characters.json";
import cinematic from "./cinematic.json";
import compare from "./compare.json";
import gallery from "./gallery.json";
import review from "./review.json";
import exchange from "./exchange.json";
import films from "./films.json";
import generate from "./generate.json";
import jobs from "./jobs.json";
import palette from "./palette.json";
import projects from "./projects.json";
import prompts from "./prompts.json";
import shortcuts from "./shortcuts.json";
import shots from "./shots.json";
import table from "./table.json";
import workers from "./workers.json";

/** One file for each feature. The only list of them: the types of all texts come from here. */
export default {
  ...app,
  ...characters,
  ...cinematic,
  ...compare,
  ...gallery,
  ...review,
  ...exchange,
  ...films,
  ...generate,
  ...jobs,
  ...palette,
  ...projects,
  ...prompts,
  ...shortcuts,
  ...shots,
  ...table,
  ...workers,
};
