export { LoadingPage as CallsPage } from '../../ui/LoadingPage'
