-- A wallet's token may be followed by another. Agreements that were made before have no refresh token.

update wallet_agreements set data = data || '{"sealedRefresh": null, "refreshExpiresAt": null, "renewals": 0}';
