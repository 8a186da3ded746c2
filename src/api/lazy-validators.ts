/**
 * Validators of requests that are compiled at the first request that needs them, by the compiler Fastify has anyway. There are
 * hundreds; compiled at the start they were a third of what a start costs. That each compiles is a test's to show.
 */
import buildCompilers from '@fastify/ajv-compiler';

const build = buildCompilers();

/** As AJV's functions are: what was wrong stands beside the answer. Fastify reads no more of it. */
type Validator = ((data: unknown) => unknown) & { errors?: unknown };
type Compile = ReturnType<typeof build>;

/** For Fastify's `schemaController.compilersFactory`. */
export const LAZY_VALIDATORS = {
  buildValidator: (...given: Parameters<typeof build>): Compile => {
    const compile = build(...given);
    return (...asked) => lazily(() => compile(...asked) as Validator) as ReturnType<Compile>;
  },
};

function lazily(compile: () => Validator): Validator {
  let compiled: Validator | undefined;
  const validate: Validator = (data) => {
    compiled ??= compile();
    const valid = compiled(data);
    validate.errors = compiled.errors;
    return valid;
  };
  return validate;
}
