export { LoadingPage as NothingPicked } from '../../ui/LoadingPage'
