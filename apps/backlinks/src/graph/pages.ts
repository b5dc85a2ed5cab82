/**
 * Properties of a page that follow from its number and host, so that links need not look the page up. Home pages and
 * seeded pages are always intact; redirects and copies lead to an intact page of the same host.
 */
export const PAGE_MACROS = [
  `CREATE TEMP MACRO fate(page, first_page, seeds) AS
     CASE WHEN page - first_page <= seeds THEN 'sound' ELSE pick(getvariable('fates'), 'fate', page) END`,
  `CREATE TEMP MACRO sound_or_home(page, first_page, seeds) AS
     CASE WHEN fate(page, first_page, seeds) = 'sound' THEN page ELSE first_page END`,
  `CREATE TEMP MACRO goal_of(page, first_page, page_count, seeds) AS
     sound_or_home((first_page + draw('leads', page) % page_count)::INTEGER, first_page, seeds)`,
  `CREATE TEMP MACRO readable(page, first_page, seeds) AS
     CASE WHEN fate(page, first_page, seeds) IN ('sound', 'copy') THEN page ELSE first_page END`,
  `CREATE TEMP MACRO country_of(page, site_country) AS CASE WHEN chance('local', page, 72) THEN site_country
     WHEN chance('nowhere', page, 64) THEN '' ELSE pick(getvariable('countries'), 'page country', page) END`,
  `CREATE TEMP MACRO spam_of(page, site_spam) AS least(100, site_spam + draw('page spam', page) % 6)::TINYINT`,
];

export const CREATE_PAGES = `CREATE TABLE pages (page_id INTEGER, url VARCHAR, host_id INTEGER, domain_id INTEGER,
  status_code SMALLINT, leads_to INTEGER, country VARCHAR, spam_score TINYINT, rank SMALLINT, location VARCHAR,
  size INTEGER, encoded_size INTEGER, content_encoding VARCHAR, media_type VARCHAR, server VARCHAR, title VARCHAR,
  canonical VARCHAR, internal_links_count INTEGER, external_links_count INTEGER, images_count INTEGER,
  words_count INTEGER, social_media_tags VARCHAR, h1 VARCHAR[], h2 VARCHAR[], h3 VARCHAR[], images_alt VARCHAR[],
  powered_by VARCHAR[], language VARCHAR, charset VARCHAR, platform_type VARCHAR[], technologies VARCHAR,
  first_visited TIMESTAMP, prev_visited TIMESTAMP, fetch_time TIMESTAMP)`;

/** The pages of a range of domains, in the order of their ids. */
export const INSERT_PAGES = `INSERT INTO pages
  WITH numbered AS (
    SELECT *, unnest(range(page_count)) AS ordinal FROM drawn_hosts WHERE domain_id BETWEEN $first_domain AND $last_domain
  ), fated AS (
    SELECT *, (first_page + ordinal)::INTEGER AS page_id, fate(first_page + ordinal, first_page, seed_count) AS fate
    FROM numbered
  ), named AS (
    SELECT p.*, CASE WHEN p.ordinal = 0 THEN 'https://' || p.host || '/' ELSE coalesce(seed.url,
        'https://' || p.host || '/' || pick(getvariable('sections'), 'section', page_id) || '/' ||
        lower(replace(phrase('path', page_id), ' ', '-')) || '-' || p.ordinal || CASE WHEN fate = 'file'
          THEN pick(['.pdf', '.pdf', '.jpg', '.png', '.xml', '.json'], 'ending', page_id)
          ELSE pick(['', '', '/', '.html'], 'ending', p.host_id) END) END AS url,
      CASE WHEN fate IN ('moved', 'copy') THEN goal_of(page_id, first_page, page_count, seed_count) END AS leads_to
    FROM fated p LEFT JOIN seed_pages seed ON seed.host = p.host AND seed.ordinal = p.ordinal
  ), judged AS (
    SELECT p.*, CASE p.fate WHEN 'missing' THEN 404 WHEN 'gone' THEN 410
        WHEN 'failing' THEN pick([500, 502, 503], 'failure', p.page_id)
        WHEN 'moved' THEN pick([301, 301, 301, 302, 308], 'move', p.page_id) ELSE 200 END::SMALLINT AS status_code,
      goal.url AS goal_url,
      CASE WHEN ends_with(p.url, '.pdf') THEN 'application/pdf' WHEN ends_with(p.url, '.svg') THEN 'image/svg+xml'
        WHEN ends_with(p.url, '.jpg') THEN 'image/jpeg' WHEN ends_with(p.url, '.png') THEN 'image/png'
        WHEN ends_with(p.url, '.xml') THEN 'application/xml' WHEN ends_with(p.url, '.json') THEN 'application/json'
        ELSE 'text/html' END AS media_type
    FROM named p LEFT JOIN named goal ON goal.page_id = p.leads_to
  ), filled AS (
    SELECT p.*, status_code = 200 AND media_type = 'text/html' AS is_html,
      d.country AS site_country, d.spam_score AS site_spam, d.server, d.language, d.system, d.is_blog,
      sets.names AS platforms, r.rank, coalesce(o.internal, 0) AS internal, coalesce(o.external, 0) AS external,
      CASE WHEN status_code = 200 THEN floor(3000 * pow(100, unit('size', p.page_id)))::INTEGER ELSE 0 END AS size,
      CASE WHEN NOT chance('untitled', p.page_id, 2) THEN phrase('title', p.page_id) ||
        CASE WHEN chance('signed', host_id, 60) THEN ' | ' || host ELSE '' END END AS title,
      floor(60 * pow(60, unit('words', p.page_id)))::INTEGER AS words, draw('images', p.page_id) % 24 AS images,
      draw('headings', p.page_id) % 5 AS headings
    FROM judged p JOIN domain_frames d ON d.domain_id = p.domain_id AND d.domain_id BETWEEN $first_domain AND $last_domain
      JOIN platform_sets sets ON set_id = d.platform_set
      JOIN page_ranks r ON r.id = p.page_id AND r.id >= $first_page AND r.id < $end_page
      LEFT JOIN outlinks o ON o.page_id = p.page_id AND o.page_id >= $first_page AND o.page_id < $end_page
  )
  SELECT page_id, url, host_id, domain_id, status_code, leads_to, country_of(page_id, site_country),
    spam_of(page_id, site_spam), rank, CASE WHEN fate = 'moved' THEN goal_url END,
    size, CASE WHEN is_html THEN size // 4 ELSE size END, CASE WHEN is_html THEN
      CASE WHEN chance('brotli', host_id, 30) THEN 'br' ELSE 'gzip' END END,
    CASE WHEN fate <> 'moved' THEN media_type END, CASE WHEN NOT chance('nameless', host_id, 4) THEN server END,
    CASE WHEN is_html THEN title END,
    CASE WHEN is_html THEN
      CASE WHEN fate = 'copy' THEN goal_url WHEN NOT chance('uncanonical', page_id, 20) THEN url END END,
    CASE WHEN status_code = 200 THEN CASE WHEN is_html THEN internal + 3 + draw('menu', host_id) % 40 ELSE 0 END END,
    CASE WHEN status_code = 200 THEN external END,
    CASE WHEN status_code = 200 THEN CASE WHEN is_html THEN images ELSE 0 END END,
    CASE WHEN status_code = 200 THEN CASE WHEN is_html THEN words ELSE 0 END END,
    CASE WHEN is_html THEN social_tags(page_id, host_id, title, url) END,
    CASE WHEN is_html AND NOT chance('no h1', page_id, 7) THEN [coalesce(title, host)] END,
    CASE WHEN is_html AND headings > 0 THEN phrases('h2', page_id, headings) END,
    CASE WHEN is_html AND headings > 2 THEN phrases('h3', page_id, headings - 2) END,
    CASE WHEN is_html AND images > 0 THEN list_concat([''], phrases('alt', page_id, images % 4 + 1))[1 + images % 2:] END,
    CASE WHEN is_html AND system <> '' AND chance('told', host_id, 70) THEN powered_by(system, host_id) END,
    CASE WHEN is_html AND NOT chance('speechless', page_id, 4) THEN language END,
    CASE WHEN is_html THEN CASE WHEN chance('latin', host_id, 4) THEN 'iso-8859-1' ELSE 'utf-8' END END,
    CASE WHEN status_code = 200 THEN platforms END,
    CASE WHEN is_html THEN technologies_of(system, is_blog, server) END,
    TIMESTAMP '2019-01-01' + to_seconds(draw('visited', page_id) % 190000000),
    TIMESTAMP '2026-05-01' + to_seconds(draw('previous', page_id) % 7000000),
    TIMESTAMP '2026-08-01' + to_seconds(draw('fetched', page_id) % 7000000)
  FROM filled ORDER BY page_id`;

export const META_MACROS = [
  `CREATE TEMP MACRO social_tags(page, host_id, title, url) AS CASE WHEN NOT chance('unsocial', page, 35) THEN
     '{' || concat_ws(',', '"og:url":' || to_json(url)::VARCHAR, '"og:title":' || to_json(title)::VARCHAR,
       CASE WHEN chance('typed', host_id, 60)
         THEN '"og:type":"' || pick(['article', 'website', 'website'], 'og', page) || '"' END,
       CASE WHEN chance('twitter', host_id, 50) THEN '"twitter:card":"summary_large_image"' END) || '}' END`,
  `CREATE TEMP MACRO technologies_of(system, is_blog, server) AS '{' || nullif(concat_ws(',',
     '"cms":"' || nullif(system, '') || '"', CASE WHEN is_blog THEN '"blogs":"' || nullif(system, '') || '"' END,
     CASE server WHEN 'cloudflare' THEN '"cdn":"Cloudflare"' WHEN 'Netlify' THEN '"cdn":"Netlify"' END), '') || '}'`,
  `CREATE TEMP MACRO powered_by(system, host_id) AS CASE WHEN system = 'WordPress'
     THEN ['WordPress 6.' || draw('version', host_id) % 9, 'PHP/8.' || draw('php', host_id) % 4] ELSE [system] END`,
];
