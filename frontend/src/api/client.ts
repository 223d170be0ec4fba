import { QueryClient } from "@tanstack/react-query";
import { allow, refuse } from "./access";
import { ApiError, toApiError } from "./errors";
import { client } from "./generated/client.gen";

// the master's sentences come in the language of the page
client.interceptors.request.use((request) => {
  request.headers.set("Accept-Language", document.documentElement.lang);
  return request;
});
client.interceptors.error.use((error, response) => {
  if (response?.status === 401) refuse();
  return toApiError(error, response);
});
client.interceptors.response.use((response) => {
  if (response.ok) allow();
  return response;
});

/** Nothing grows stale by itself: the live socket says what changed. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: Infinity,
        gcTime: 5 * 60_000,
        refetchOnWindowFocus: false,
        retry: (count, error) =>
          count < 2 && error instanceof ApiError && (error.isOffline || error.status >= 500),
      },
      mutations: { retry: false },
    },
  });
}

declare module "@tanstack/react-query" {
  interface Register {
    defaultError: Error;
  }
}
