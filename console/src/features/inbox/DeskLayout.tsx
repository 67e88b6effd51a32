export { Outlet as DeskLayout } from '@tanstack/react-router'
