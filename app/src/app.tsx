import { Suspense } from 'react';
import { EssaimProvider } from './connection/essaim-provider.tsx';
import { Footer } from './layout/footer.tsx';
import { Header } from './layout/header.tsx';
import { PageBoundary } from './layout/page-boundary.tsx';
import { pageFor } from './pages/index.ts';
import { Loading } from './parts/loading.tsx';
import { useRoute } from './route/use-route.ts';

/** The whole page: what stays, and in its middle the page that the address names. */
export function App() {
  const route = useRoute();
  const { Component } = pageFor(route.page);
  return (
    <EssaimProvider>
      <Header current={route.page} />
      <main id="main" tabIndex={-1}>
        <PageBoundary key={route.page}>
          <Suspense fallback={<Loading what="this page" />}>
            <Component {...route} />
          </Suspense>
        </PageBoundary>
      </main>
      <Footer />
    </EssaimProvider>
  );
}
