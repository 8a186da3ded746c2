/** What links look like to the marketplace that makes them, for the OpenAPI description (../answers.ts says how they are held to it). */
import { Type } from 'typebox';

const instant = Type.String({ format: 'date-time' });
const linkFields = {
  id: Type.String({ pattern: '^lnk_[0-9a-f]{32}$' }),
  order: Type.String({ pattern: '^ord_[0-9a-f]{32}$' }),
  instalment: Type.Integer(),
  state: Type.String({ description: 'active or revoked' }),
  returnUrl: Type.Union([Type.String(), Type.Null()]),
  expiresAt: instant,
  revokedAt: Type.Union([instant, Type.Null()]),
  createdAt: instant,
};

export const CheckoutLinkAnswer = Type.Object(linkFields, { additionalProperties: false });
export const NewCheckoutLinkAnswer = Type.Object(
  {
    ...linkFields,
    url: Type.Union([Type.String(), Type.Null()], {
      description: 'for the buyer only; null when the secret of the installation has changed since',
    }),
  },
  { additionalProperties: false },
);
