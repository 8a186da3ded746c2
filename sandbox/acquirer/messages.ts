/**
 * The acquirer's error body, one schema for every non-2xx answer.
 * Source: Online Payments OpenAPI, components/schemas/messages.
 */
import { json, type Reply } from '../base/http-server.ts';

export interface FieldError {
  readonly code: string;
  readonly message: string;
  /** The offending field, dotted. */
  readonly entity: string;
}

export const invalid = (validationErrors: readonly FieldError[]): Reply =>
  json(400, {
    responseStatus: 'ERROR',
    responseCode: 'VALIDATION_ERROR',
    responseMessage: validationErrors[0]?.message ?? 'request is not valid',
    validationErrors,
  });

export const notFound = (what: string): Reply =>
  json(404, { responseStatus: 'ERROR', responseCode: 'NOT_FOUND', responseMessage: `${what} not found` });

export const unauthorized = (why: string): Reply =>
  json(401, { responseStatus: 'ERROR', responseCode: 'UNAUTHORIZED', responseMessage: why });

export const forbidden = (why: string): Reply =>
  json(403, { responseStatus: 'ERROR', responseCode: 'FORBIDDEN', responseMessage: why });

/** The request is understood and cannot be done as things stand. */
export const notAllowed = (responseCode: string, responseMessage: string): Reply =>
  json(412, { responseStatus: 'ERROR', responseCode, responseMessage });
