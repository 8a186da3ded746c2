/**
 * What an issuer asks about the browser a payment comes from (EMV 3-D Secure 2, browser flow), and where it sends that
 * browser back to. What a page cannot know of itself, such as its address on the network, the session's answer tells.
 */
import type { Session } from '../api/client.ts';

export interface Cardholder {
  readonly returnUrl: string;
  readonly browser: Readonly<Record<string, string | number>>;
}

export function cardholderOf({ browser }: Session, orderId: string): Cardholder {
  return {
    returnUrl: `${window.location.origin}/console/orders/${orderId}?back=issuer`,
    browser: {
      acceptHeader: browser.acceptHeader.slice(0, 500) || '*/*',
      userAgent: browser.userAgent.slice(0, 500) || navigator.userAgent.slice(0, 500),
      language: navigator.language,
      ip: browser.ip,
      screenWidth: window.screen.width,
      screenHeight: window.screen.height,
      colorDepth: window.screen.colorDepth,
      timeZoneOffset: new Date().getTimezoneOffset(),
    },
  };
}
