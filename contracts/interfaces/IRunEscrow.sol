// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IFeeBurn} from "./IFeeBurn.sol";
import {ITrainingRegistry} from "./ITrainingRegistry.sol";

/// @title RunEscrow
/// @notice The money of runs: budgets in any ERC-20 whose received amount equals the sent one, what trainers earned of
/// them, what goes back to backers, what rejected trainers lost to dependants and backers, and the shares of the models
/// that runs make. Reads everything else from {ITrainingRegistry}; all money is drawn by whom it belongs to.
/// @dev What is left of the budget of a closed run is known from the registry's sums. Divisions round down; what that
/// leaves stays here. Settled by the rules of the run's epoch.
/// Warning: a token that rebases or charges its holders endangers only the runs and fees in that token.
interface IRunEscrow is IFeeBurn {
    /// @notice What a backer gave, and whether it had its refund, its shares, its part of what others lost. `claimed`
    /// stands for every account.
    struct Backing {
        // slot 0
        uint128 amount;
        bool refunded;
        bool claimed;
        bool compensated;
    }

    /// @notice Backing of a run so far; whether its data set was paid and what it forfeits burned.
    struct Fund {
        // slot 0
        uint128 backed;
        bool dataPaid;
        bool burned;
    }

    event Backed(bytes32 indexed runId, address indexed backer, uint256 amount);
    event DataPaid(bytes32 indexed runId, uint256 indexed dataset, uint256 amount);
    event ModelMade(bytes32 indexed runId, uint256 indexed model, address shares);
    event Withdrawn(bytes32 indexed runId, address indexed trainer, uint256 amount, uint256 compensation);
    event Refunded(bytes32 indexed runId, address indexed backer, uint256 amount);
    event Burned(bytes32 indexed runId, uint256 amount);
    event Compensated(bytes32 indexed runId, address indexed backer, uint256 amount);
    event SharesClaimed(bytes32 indexed runId, address indexed account, uint256 amount);
    event Collected(address indexed token, address indexed account, uint256 amount);

    /// @notice The run is not in a state that allows this.
    error RunEscrow_State(bytes32 runId, ITrainingRegistry.State state);
    /// @notice The deadline has passed, or has not yet.
    error RunEscrow_Deadline(uint256 deadline, uint256 time);
    /// @notice The token handed over another amount than was sent.
    error RunEscrow_TokenAmount(uint256 sent, uint256 received);
    /// @notice Nothing is owed, or it was paid.
    error RunEscrow_Nothing();
    /// @notice Only the training registry may.
    error RunEscrow_NotRegistry(address caller);

    /// @notice Backs a run, with at most what is missing. With the last unit the registry fixes the round of its seed.
    function fund(ITrainingRegistry.Terms calldata terms, uint256 amount) external;

    /// @notice Pays the data set of a run whose seed is drawn. For anyone, once.
    function payData(ITrainingRegistry.Terms calldata terms) external;

    /// @notice Promises a run up to `amount` of the MIEL that came here from slashes and is not promised yet.
    /// For the registry.
    /// @param amount in milli-MIEL
    function allot(uint64 amount) external returns (uint64 promised);

    /// @notice Pays a trainer what its settled batches earned. For anyone; only the trainer is paid, or
    /// the pool that backs it.
    function withdraw(ITrainingRegistry.Terms calldata terms, address trainer) external;

    /// @notice Gives a backer back its part of what a closed run did not spend, or everything if the run was not funded in
    /// time. For anyone; only the backer is paid.
    function refund(ITrainingRegistry.Terms calldata terms, address backer) external;

    /// @notice Sets aside for the burn address what a closed run burns: half of what void steps would have earned, and of
    /// a run that did not complete a share of what was not spent. For anyone, once.
    function burn(ITrainingRegistry.Terms calldata terms) external;

    /// @notice Pays a backer its part of what rejected trainers lost and no dependant drew, 30 days after the run was
    /// closed. For anyone.
    function compensate(ITrainingRegistry.Terms calldata terms, address backer) external;

    /// @notice Registers a completed run's model. For anyone, once.
    function makeModel(ITrainingRegistry.Terms calldata terms) external returns (uint256 model);

    /// @notice Hands an account its shares of the run's model. For anyone, once for each account.
    function claimShares(ITrainingRegistry.Terms calldata terms, address account) external;

    /// @notice Pays out what is owed to an account: fees, what is burned, and what a token did not move. For anyone.
    function collect(address token, address account) external;

    /// @notice What {collect} would pay.
    function owed(address token, address account) external view returns (uint256);

    /// @notice Backing of a run.
    function fundOf(bytes32 runId) external view returns (Fund memory);

    /// @notice What a backer gave.
    function backing(bytes32 runId, address account) external view returns (Backing memory);

    /// @notice What of the fees of a trainer's paid batches is burned, in wei of MIEL; it only grows.
    function burnedOf(bytes32 runId, address trainer) external view returns (uint256);

    /// @notice What a closed run's backers get back together, and what it burns.
    function left(ITrainingRegistry.Terms calldata terms) external view returns (uint256 refundable, uint256 burned);

    /// @notice The whole budget of these terms at a data set's price.
    function budgetOf(ITrainingRegistry.Terms calldata terms, uint256 dataPrice) external pure returns (uint256);
}
