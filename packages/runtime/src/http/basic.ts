interface BasicCredentials {
  readonly login: string;
  readonly password: string;
}

/** The credentials in an `Authorization` header. Null if it has none of the Basic scheme. */
export function basicOf(authorization: string | undefined): BasicCredentials | null {
  const encoded = /^Basic +([A-Za-z0-9+/=_-]+)$/i.exec(authorization ?? '')?.[1];
  const [, login, password] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded ?? '', 'base64').toString('utf8')) ?? [];
  return login === undefined || password === undefined ? null : { login, password };
}
