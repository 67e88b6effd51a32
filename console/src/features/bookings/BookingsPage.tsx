export { LoadingPage as BookingsPage } from '../../ui/LoadingPage'
