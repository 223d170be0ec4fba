import app from "./app.json";
import exchange from "./exchange.json";
import films from "./films.json";
import generate from "./generate.json";
import jobs from "./jobs.json";
import projects from "./projects.json";
import shots from "./shots.json";
import workers from "./workers.json";

/** One file for each feature. */
export default {
  ...app,
  ...exchange,
  ...films,
  ...generate,
  ...jobs,
  ...projects,
  ...shots,
  ...workers,
};
