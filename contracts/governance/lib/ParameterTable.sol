// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev Words of an epoch.
uint256 constant WORDS = 5;

/// @notice One line of the table: where the value stands, first value and hard bounds.
struct Line {
    bytes32 key;
    uint8 word;
    uint8 offset;
    uint8 bits;
    uint40 initial;
    uint40 least;
    uint40 most;
}

/// @notice Every number that governance may set. An epoch is five words; each rule of {IParameters} stands whole in one
/// of them, so that reading it costs one slot. `docs/parameters.md` says why each value and bound is what it is.
library ParameterTable {
    uint256 internal constant COUNT = 39;

    /// @notice The line at this position.
    // solhint-disable-next-line code-complexity, function-max-lines
    function line(uint256 i) internal pure returns (Line memory) {
        // word 0: jobRules
        if (i == 0) return Line("jobRules.freeExit", 0, 0, 32, 600, 60, 3_600);
        if (i == 1) return Line("jobRules.lateness", 0, 32, 16, 1_000, 100, 5_000);
        if (i == 2) return Line("jobRules.inputFault", 0, 48, 16, 1_000, 0, 2_500);
        if (i == 3) return Line("jobRules.minimumStake", 0, 64, 40, 1_000_000, 1_000, 100_000_000);
        if (i == 4) return Line("jobRules.collateralFloor", 0, 104, 40, 100_000, 100, 10_000_000);
        if (i == 5) return Line("jobRules.collateralPerJobHeld", 0, 144, 40, 10_000, 0, 1_000_000);
        // word 1: what a batch and its end need
        if (i == 6) return Line("feeRules.protocolFee", 1, 0, 16, 200, 0, 500);
        if (i == 7) return Line("feeRules.verificationFee", 1, 16, 16, 300, 0, 1_000);
        if (i == 8) return Line("feeRules.burned", 1, 208, 16, 5_000, 1_000, 10_000);
        if (i == 9) return Line("claimRules.windowSeconds", 1, 32, 32, 86_400, 3_600, 259_200);
        if (i == 10) return Line("claimRules.windowBlocks", 1, 64, 32, 3_600, 150, 1_000_000);
        if (i == 11) return Line("claimRules.graceSeconds", 1, 96, 32, 7_200, 7_200, 21_600);
        if (i == 12) return Line("claimRules.graceBlocks", 1, 128, 32, 300, 150, 100_000);
        if (i == 13) return Line("slashRules.slash", 1, 160, 16, 10_000, 5_000, 10_000);
        if (i == 14) return Line("slashRules.bounty", 1, 176, 16, 2_500, 500, 2_500);
        if (i == 15) return Line("slashRules.compensation", 1, 192, 16, 2_000, 0, 2_500);
        // word 2: demandRules, runRules and accusationRules
        if (i == 16) return Line("demandRules.clockSeconds", 2, 0, 32, 21_600, 7_200, 43_200);
        if (i == 17) return Line("demandRules.clockBlocks", 2, 32, 32, 900, 300, 200_000);
        if (i == 18) return Line("demandRules.extensions", 2, 64, 8, 3, 0, 3);
        if (i == 19) return Line("demandRules.maxRange", 2, 72, 32, 32_768, 1_024, 32_768);
        if (i == 20) return Line("demandRules.gasPerByte", 2, 104, 32, 42, 16, 100);
        if (i == 21) return Line("demandRules.gasBase", 2, 136, 32, 120_000, 50_000, 500_000);
        if (i == 22) return Line("runRules.forfeit", 2, 232, 16, 500, 0, 2_500);
        if (i == 23) return Line("accusationRules.minBlocks", 2, 168, 32, 1, 1, 10);
        if (i == 24) return Line("accusationRules.maxSeconds", 2, 200, 32, 7_200, 1_800, 14_400);
        // word 3: emissionRules
        if (i == 25) return Line("emissionRules.rho", 3, 0, 16, 5_000, 0, 9_000);
        if (i == 26) return Line("emissionRules.delegators", 3, 16, 16, 2_000, 0, 3_000);
        if (i == 27) return Line("emissionRules.data", 3, 32, 16, 1_000, 0, 3_000);
        if (i == 28) return Line("emissionRules.budget", 3, 48, 40, 100_000_000, 0, 200_000_000);
        // word 4: auditRules
        if (i == 29) return Line("auditRules.saving", 4, 0, 16, 6_000, 5_000, 10_000);
        if (i == 30) return Line("auditRules.lazy", 4, 16, 16, 3_333, 2_500, 8_000);
        if (i == 31) return Line("auditRules.margin", 4, 32, 16, 12_500, 10_000, 50_000);
        if (i == 32) return Line("auditRules.least", 4, 48, 16, 100, 50, 10_000);
        if (i == 33) return Line("auditRules.leaves", 4, 64, 8, 5, 1, 64);
        if (i == 34) return Line("auditRules.pay", 4, 72, 16, 9_000, 5_000, 10_000);
        if (i == 35) return Line("auditRules.planted", 4, 88, 16, 500, 100, 5_000);
        if (i == 36) return Line("auditRules.lock", 4, 104, 40, 250_000, 10_000, 10_000_000);
        if (i == 37) return Line("auditRules.missed", 4, 144, 16, 1_000, 100, 5_000);
        return Line("auditRules.cost", 4, 160, 40, 1_000, 10, 1_000_000);
    }

    /// @notice The first values of one word.
    function initial(uint256 word) internal pure returns (uint256 packed) {
        for (uint256 i = 0; i < COUNT; i++) {
            Line memory row = line(i);
            if (row.word == word) packed |= uint256(row.initial) << row.offset;
        }
    }

    /// @notice The value of a line in its word.
    function read(Line memory row, uint256 packed) internal pure returns (uint256) {
        return (packed >> row.offset) & ((1 << row.bits) - 1);
    }

    /// @notice The word with another value of a line.
    function write(Line memory row, uint256 packed, uint256 value) internal pure returns (uint256) {
        uint256 mask = ((1 << row.bits) - 1) << row.offset;
        return (packed & ~mask) | (value << row.offset);
    }
}
