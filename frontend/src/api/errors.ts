/** What the master answers when it cannot do what was asked (master/errors.py). */
export interface Problem {
  place: string;
  value?: string;
  message: string;
}

export interface ErrorBody {
  code: string;
  message: string;
  field: string | null;
  problems: Problem[];
  /** The row as it is now, after a write to an older one. */
  current: Record<string, unknown> | null;
  request_id: string;
}

export class ApiError extends Error {
  constructor(
    /** 0: no answer came */
    readonly status: number,
    readonly body: ErrorBody,
  ) {
    super(body.message);
    this.name = "ApiError";
  }

  get isOffline(): boolean {
    return this.status === 0;
  }

  /** The sentence for this form field, if the error is about it. */
  about(field: string): string | undefined {
    if (this.body.field === field && this.body.problems.length === 0) return this.message;
    return this.body.problems.find(({ place }) => place === field || place.endsWith(`.${field}`))?.message;
  }
}

/** Whether somebody else was faster: what was written had an older revision. */
export const isStale = (error: unknown): error is ApiError =>
  error instanceof ApiError && error.status === 412;

/** The row that stood in the way of such a write. */
export const staleRow = <Row extends object>(error: unknown): Row | undefined =>
  isStale(error) ? ((error.body.current as Row | null) ?? undefined) : undefined;

export function toApiError(error: unknown, response: Response | undefined): ApiError {
  if (error instanceof ApiError) return error;
  if (response === undefined) return new ApiError(0, body("offline", String(error)));
  if (isErrorBody(error))
    return new ApiError(response.status, { ...body(error.code, error.message), ...error });
  return new ApiError(response.status, body("error", `${response.status} ${response.statusText}`.trim()));
}

function isErrorBody(value: unknown): value is Pick<ErrorBody, "code" | "message"> & Partial<ErrorBody> {
  return typeof value === "object" && value !== null && "code" in value && "message" in value;
}

const body = (code: string, message: string): ErrorBody => ({
  code,
  message,
  field: null,
  problems: [],
  current: null,
  request_id: "",
});
