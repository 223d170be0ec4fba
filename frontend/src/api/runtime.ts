import type { CreateClientConfig } from "./generated/client.gen";

/** The API lies under the page's own origin; the session is a cookie. */
export const createClientConfig: CreateClientConfig = (config) => ({
  ...config,
  baseUrl: globalThis.location.origin,
  credentials: "same-origin",
});
