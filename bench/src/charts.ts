export const drawCharts = (): number => 0
