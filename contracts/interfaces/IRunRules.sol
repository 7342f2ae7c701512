// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title RunRules
/// @notice What the terms of a run may be. Only reads.
interface IRunRules {
    /// @notice A number of the terms is outside what a run can have: 1 at least one row, tensor, batch row, step and round;
    /// 2 seats; 3 depth; 4 order of deadlines; 5 shares; 6 royalties; 7 an aggregation program exactly with more than one
    /// seat; 8 collateral below the floor, or less compensation than the dependants of one rejected batch can draw; 9 more
    /// than 2^32 - 1 steps, 2^64 - 1 rows trained on, or a budget above 2^128 - 1; 10 rows are not the data set's; 11 the
    /// data set's price is in another token; 12 a run with a score program has one seat, or pays dependants.
    error RunRules_Terms(uint256 rule);
    /// @notice The program does not fit the terms or the data set: 1 header or interface are another program's; 2 number
    /// of inputs or outputs; 3 schedule; 4 columns; 5 tensors of the aggregation or the score; 6 the share.
    error RunRules_Program(uint256 rule);
    /// @notice The program breaks a rule of programs and was barred.
    error RunRules_Barred(bytes32 programId, bytes32 reason);

    /// @notice Reverts unless a run may have these terms.
    /// @param terms abi.encode(ITrainingRegistry.Terms)
    /// @param programs header 156 ‖ bytes u16 ‖ interface of the step program, then those of the aggregation and of the score program
    /// @param epoch whose rules hold
    /// @return dataPrice what the run pays the data set
    function check(
        bytes calldata terms,
        bytes calldata programs,
        uint16 epoch
    ) external view returns (uint96 dataPrice);
}
