export { LoadingPage as DemoPage } from '../../ui/LoadingPage'
