// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IAuditPool} from "../interfaces/IAuditPool.sol";
import {IClaims} from "../interfaces/IClaims.sol";
import {IJobMarket} from "../interfaces/IJobMarket.sol";
import {AuditFaults} from "./AuditFaults.sol";
import {Odds} from "./Odds.sol";

/// @notice What audits pay, of the audited batch's own verification fee once it was paid. See {IAuditPool}.
abstract contract AuditPay is AuditFaults {
    using SafeERC20 for IERC20;

    /// @inheritdoc IAuditPool
    mapping(address token => mapping(address account => uint256)) public owed;
    mapping(bytes32 batchId => bool) private _returned;

    /// @inheritdoc IAuditPool
    function settle(IJobMarket.Terms[] calldata terms, Audit[] calldata audits) external {
        for (uint256 i = 0; i < audits.length; ++i) _settle(terms[i], audits[i]);
    }

    /// @inheritdoc IAuditPool
    function returnPlant(IJobMarket.Terms calldata terms, Audit calldata said) external {
        Opened memory it = _open(terms, said);
        require(said.passed && shown[it.batchId][said.leaf] && said.odds != 0, AuditPool_NoFault());
        require(!_returned[it.batchId], AuditPool_Done(it.batchId));
        _returned[it.batchId] = true;
        (IClaims.State state, uint256 voids) = CLAIMS.outcome(it.batchId);
        require(state == IClaims.State.Final, AuditPool_State(it.batchId));
        (uint256 verificationFee, uint256 fees) = _paidFees(terms, it, voids);
        uint256 amount = Odds.planted(PARAMETERS.auditRules(it.epoch), verificationFee, said.odds, fees);
        owed[terms.token][terms.requester] += amount;
        emit PlantReturned(it.batchId, terms.requester, terms.token, amount);
    }

    /// @inheritdoc IAuditPool
    function collect(address token, address account) external {
        if (MARKET.owed(token, address(this)) != 0) MARKET.collect(token, address(this));
        uint256 amount = owed[token][account];
        uint256 held = IERC20(token).balanceOf(address(this));
        if (amount > held) amount = held;
        require(amount != 0, AuditPool_Nothing());
        owed[token][account] -= amount;
        emit Collected(token, account, amount);
        IERC20(token).safeTransfer(STAKE.payee(account, address(this)), amount);
    }

    function _settle(IJobMarket.Terms calldata terms, Audit calldata said) private {
        Opened memory it = _open(terms, said);
        Case memory audited = _case(it.jobId);
        (IClaims.State state, uint256 voids) = CLAIMS.outcome(it.batchId);
        require(state != IClaims.State.Pending, AuditPool_State(it.batchId));
        require(_passed(audited, 8), AuditPool_Clock(it.batchId));
        require(!(said.passed && shown[it.batchId][said.leaf]), AuditPool_State(it.auditBatchId));
        _end(it, said, 0);
        uint256 pay = 0;
        if (_holds(it.batchId, state, said)) {
            (uint256 fee, ) = _paidFees(terms, it, voids);
            pay =
                said.odds == 0
                    ? Odds.expired(audited.rules, fee, said.audits)
                    : Odds.pay(audited.rules, fee, said.odds, said.audits);
            if (pay != 0) owed[terms.token][it.auditor] += pay;
        }
        emit Settled(it.auditBatchId, it.auditor, terms.token, pay);
    }

    /// @dev Whether the verdict is what became of the claim.
    function _holds(bytes32 batchId, IClaims.State state, Audit calldata said) private view returns (bool) {
        bool convicted = false;
        if (state == IClaims.State.Rejected) {
            (, uint32 leaf, ) = CLAIMS.conviction(batchId);
            convicted = leaf == said.leaf;
        }
        if (said.passed) return !convicted;
        return convicted || shown[batchId][said.leaf] || CLAIMS.isVoid(batchId, said.leaf);
    }

    /// @dev What the batch's job paid to this pool, and together with what it paid to the treasury. A job that submitted
    /// pays this pool however it ends: of a refund it is kept back.
    function _paidFees(
        IJobMarket.Terms calldata terms,
        Opened memory it,
        uint256 voids
    ) private view returns (uint256 verificationFee, uint256 fees) {
        IJobMarket.State state = MARKET.job(it.jobId).state;
        require(state != IJobMarket.State.Submitted, AuditPool_Unpaid(it.jobId));
        uint256 amount = terms.fee * (state == IJobMarket.State.Refunded ? terms.count : terms.count - voids);
        (uint256 protocol, uint256 verification, ) = PARAMETERS.feeRules(it.epoch);
        verificationFee = (amount * verification) / BASIS;
        fees = verificationFee + (amount * protocol) / BASIS;
    }
}
