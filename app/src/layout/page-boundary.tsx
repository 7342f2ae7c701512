import { Component, type ReactNode } from 'react';
import { broken } from '../connection/to-error.ts';
import { Failure } from '../parts/failure.tsx';

/** A page that breaks says so; the rest of the site stays. */
export class PageBoundary extends Component<{ children: ReactNode }, { error?: unknown }> {
  override state: { error?: unknown } = {};

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render() {
    if (this.state.error === undefined) return this.props.children;
    const again = () => this.setState({ error: undefined });
    return <Failure error={broken(this.state.error)} again={again} title="This page broke" />;
  }
}
