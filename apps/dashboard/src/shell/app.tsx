import { useEffect } from 'preact/hooks';
import { ErrorBoundary, LocationProvider, lazy, Route, Router } from 'preact-iso';
import { JobsPage } from '../pages/jobs/jobs-page.js';
import { followSession } from '../service/changes.js';
import { openSession, sessionState } from '../service/session.js';
import { Toasts } from '../ui/toast.js';
import { MissingPage } from './missing-page.js';
import { Opening } from './opening.js';
import { Shell } from './shell.js';
import { SignIn } from './sign-in.js';

const NewJobPage = lazy(() => import('../pages/new-job/new-job-page.js').then((page) => page.NewJobPage));
const JobPage = lazy(() => import('../pages/job/job-page.js').then((page) => page.JobPage));
const TagsPage = lazy(() => import('../pages/tags/tags-page.js').then((page) => page.TagsPage));
const TagPage = lazy(() => import('../pages/tags/tag-page.js').then((page) => page.TagPage));
const WatchesPage = lazy(() => import('../pages/watches/watches-page.js').then((page) => page.WatchesPage));
const ServicePage = lazy(() => import('../pages/service/service-page.js').then((page) => page.ServicePage));

/** Paths of this page. Others at this address, such as /docs, belong to the service. */
const OWN_PATHS = /^\/($|jobs|new|tags|watches|service)/;

export function App() {
  useEffect(() => {
    void openSession();
    return followSession();
  }, []);
  return (
    <LocationProvider scope={OWN_PATHS}>
      <Session />
      <Toasts />
    </LocationProvider>
  );
}

function Session() {
  if (sessionState.value === 'unknown') return <Opening />;
  if (sessionState.value !== 'open') return <SignIn />;
  return (
    <Shell>
      <ErrorBoundary>
        <Router>
          <Route path="/" component={JobsPage} />
          <Route path="/jobs" component={JobsPage} />
          <Route path="/jobs/:id" component={JobPage} />
          <Route path="/new" component={NewJobPage} />
          <Route path="/tags" component={TagsPage} />
          <Route path="/tags/:tag" component={TagPage} />
          <Route path="/watches" component={WatchesPage} />
          <Route path="/service" component={ServicePage} />
          <Route default component={MissingPage} />
        </Router>
      </ErrorBoundary>
    </Shell>
  );
}
